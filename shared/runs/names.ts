// The names of runs and of the objects in their folders: built and parsed here, and nowhere else.
import { PermanentError } from '../errors.ts';

/**
 * `000005-3fa9c1d2`: the pipeline's sequence number, then the start of the revision. A requested run is
 * `r<owner>-<key>`, as shared/requests/names.ts builds it, and has no sequence.
 */
export type RunId = string;

const WATCH_RUN = /^\d{6}-[0-9a-f]{8}$/;
const RUN_ID = /^(?:\d{6}-[0-9a-f]{8}|r[0-9a-f]{16}-[0-9a-f]{32})$/;
const PIPELINE = /^[a-z][a-z0-9-]{0,29}$/;
// No underscore: a staging table's name writes dashes as underscores, and two nonces must not share a table.
const NONCE = /^[A-Za-z0-9-]{1,64}$/;
// The pipeline, the run, and the replay where there is one.
const PUBLICATION = /^[a-z][a-z0-9-]{0,29}-\d{6}-[0-9a-f]{8}(-replay-[A-Za-z0-9-]{1,64})?$/;
const PLAN_HASH = /^[0-9a-f]{16}$/;
const LARGEST_SEQUENCE = 999_999;

/**
 * Sequence numbers make runs sort in the order of their requests (law 5: generations have no order). Two polls that find
 * the same revision after the same state derive the same id, so they request one run (law 1).
 */
export function runIdOf(sequence: number, revision: string): RunId {
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > LARGEST_SEQUENCE) {
    throw new PermanentError(
      `the sequence number ${sequence} is out of bounds: expected 1 to ${LARGEST_SEQUENCE}`,
      { code: 'LIMIT_EXCEEDED' },
    );
  }
  return `${String(sequence).padStart(6, '0')}-${revision.slice(0, 8)}`;
}

/** The id of a run of either form. */
export const isRunId = (text: string): boolean => RUN_ID.test(text);
/** The id of a run that a poll requested: such runs sort in the order of their requests. */
export const isWatchRun = (text: string): boolean => WATCH_RUN.test(text);
export const isPipelineName = (text: string): boolean => PIPELINE.test(text);
export const isNonce = (text: string): boolean => NONCE.test(text);
export const isPublicationId = (text: string): boolean => PUBLICATION.test(text);
export const isPlanHash = (text: string): boolean => PLAN_HASH.test(text);
/** Throws for a requested run, which has no place in a sequence. */
export function sequenceOf(run: RunId): number {
  if (isWatchRun(run)) return Number(run.slice(0, 6));
  throw new PermanentError(`the run ${run} has no sequence number: expected a run like 000005-3fa9c1d2`, {
    code: 'RUN_NOT_FOUND',
  });
}

/** Objects of the runs bucket. */
export const stateObject = (pipeline: string) => `${pipeline}/state.json`;
export const leaseObject = (pipeline: string) => `${pipeline}/lease.json`;
export const requestObject = (pipeline: string, run: RunId) => `${pipeline}/${run}/request.json`;
export const inputObject = (pipeline: string, run: RunId) => `${pipeline}/${run}/input.json`;
/** Only names of frozen sources end with it: the bucket's lifecycle rule deletes these sooner. */
export const FROZEN_SUFFIX = '.frozen';
export const frozenObject = (pipeline: string, run: RunId, role: string, index: number) =>
  `${pipeline}/${run}/input/${role}-${index}${FROZEN_SUFFIX}`;
/** Each submission of an attempt has an intent of its own; most attempts need one. */
export const executionObject = (pipeline: string, run: RunId, attempt: number, submission = 1) =>
  `${pipeline}/${run}/execution-${attempt}${submission === 1 ? '' : `-again-${submission}`}.json`;
/** Of the intents after the first. */
export const againPrefix = (pipeline: string, run: RunId, attempt: number) =>
  `${pipeline}/${run}/execution-${attempt}-again-`;
export const startedObject = (pipeline: string, run: RunId, attempt: number) =>
  `${pipeline}/${run}/execution-${attempt}-started.json`;
export const decisionObject = (pipeline: string, run: RunId) => `${pipeline}/${run}/decision.json`;
export const cancelObject = (pipeline: string, run: RunId) => `${pipeline}/${run}/cancel.json`;
export const outcomeObject = (pipeline: string, run: RunId) => `${pipeline}/${run}/outcome.json`;
export const replayPrefix = (pipeline: string, run: RunId) => `${pipeline}/${run}/replay-`;
export const replayObject = (pipeline: string, run: RunId, nonce: string) =>
  `${replayPrefix(pipeline, run)}${nonce}.json`;
/** What a replay would change, under the plan's own hash; and which plan a request for one led to. */
export const planObject = (pipeline: string, run: RunId, hash: string) =>
  `${pipeline}/${run}/plan-${hash}.json`;
export const plannedObject = (pipeline: string, run: RunId, nonce: string) =>
  `${pipeline}/${run}/planned-${nonce}.json`;

/** Objects of the results bucket: every attempt writes into a folder of its own, so attempts never conflict. */
export const outputsOf = (pipeline: string, run: RunId) => `${pipeline}/${run}/`;
export const outputFolder = (pipeline: string, run: RunId, attempt: number) =>
  `${outputsOf(pipeline, run)}attempt-${attempt}/`;
export const manifestObject = (pipeline: string, run: RunId, attempt: number) =>
  `${outputFolder(pipeline, run, attempt)}output.json`;

const MANIFEST =
  /^([a-z][a-z0-9-]{0,29})\/(\d{6}-[0-9a-f]{8}|r[0-9a-f]{16}-[0-9a-f]{32})\/attempt-([1-9]\d?)\/output\.json$/;

/** Parses a manifest's object name; undefined for any other object of the results bucket. */
export function parseManifestObject(
  name: string,
): { pipeline: string; run: RunId; attempt: number } | undefined {
  const [, pipeline, run, attempt] = MANIFEST.exec(name) ?? [];
  if (pipeline === undefined || run === undefined || attempt === undefined) return undefined;
  return { pipeline, run, attempt: Number(attempt) };
}
