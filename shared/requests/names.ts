// The names of requested runs and of the objects of the requests bucket: built and parsed here, and nowhere else.
import { createHash } from 'node:crypto';

/** The caller of the API: the issuer of the token and its subject, which never changes, unlike an address. */
export interface Owner {
  readonly issuer: string;
  readonly subject: string;
}

const sha256 = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const OWNER_HEX = 16;
const KEY_HEX = 32;

/** Names an owner in object names, so that no address stands in one. */
export const ownerHash = ({ issuer, subject }: Owner): string =>
  sha256([issuer, subject]).slice(0, OWNER_HEX);

/** `r<owner>-<key>`: the same owner, pipeline and idempotency key name the same run (law 1). */
export const requestedRunOf = (owner: Owner, pipeline: string, idempotencyKey: string): string =>
  `r${ownerHash(owner)}-${sha256([owner.issuer, owner.subject, pipeline, idempotencyKey]).slice(0, KEY_HEX)}`;

const RUN = /^r([0-9a-f]{16})-([0-9a-f]{32})$/;
const JOB = /^([a-z][a-z0-9-]{0,29})\.(r[0-9a-f]{16}-[0-9a-f]{32})$/;

export const isRequestedRun = (text: string): boolean => RUN.test(text);

/** The hash of the run's owner. */
export const ownerOf = (run: string): string | undefined => RUN.exec(run)?.[1];

/** The id that the API shows: `<pipeline>.<run>`. It carries its owner, so another owner's job is refused unread. */
export const jobIdOf = (pipeline: string, run: string): string => `${pipeline}.${run}`;

export function parseJobId(
  id: string,
): { readonly pipeline: string; readonly run: string; readonly owner: string } | undefined {
  const [, pipeline, run] = JOB.exec(id) ?? [];
  const owner = run === undefined ? undefined : ownerOf(run);
  return pipeline === undefined || run === undefined || owner === undefined
    ? undefined
    : { pipeline, run, owner };
}

/** The folders of the requests bucket that its lifecycle rules name. */
export const CONTENT_FOLDER = 'content/';
export const JOBS_FOLDER = 'jobs/';

/** Objects of the requests bucket. An entry of the queue exists exactly as long as its run is unfinished. */
export const queuePrefix = (pipeline: string, owner = '') =>
  owner === '' ? `queue/${pipeline}/` : `queue/${pipeline}/${owner}/`;
export const queueObject = (pipeline: string, run: string) => `${queuePrefix(pipeline, ownerOf(run))}${run}`;

/** What the requester sent, apart from the record, so that it can be erased. */
export const contentObject = (pipeline: string, run: string) => `${CONTENT_FOLDER}${pipeline}/${run}.json`;

const LARGEST_NUMBER = 9_999_999_999;
export const dispatchPrefix = (pipeline: string) => `dispatch/${pipeline}/`;
/** Numbers count down in names, so that a listing begins with the newest decision. */
export const dispatchObject = (pipeline: string, n: number) =>
  `${dispatchPrefix(pipeline)}${String(LARGEST_NUMBER - n).padStart(10, '0')}.json`;
export const numberOfDispatch = (name: string): number | undefined => {
  const digits = /\/(\d{10})\.json$/.exec(name)?.[1];
  return digits === undefined ? undefined : LARGEST_NUMBER - Number(digits);
};

const LARGEST_MS = 9_999_999_999_999;
/** The jobs of an owner: an empty object each, so that a listing shows them from the newest to the oldest. */
export const jobsPrefix = (owner: string) => `${JOBS_FOLDER}${owner}/`;
export const jobObject = (pipeline: string, run: string, acceptedAtMs: number) =>
  `${jobsPrefix(ownerOf(run) ?? '')}${String(LARGEST_MS - acceptedAtMs).padStart(13, '0')}-${jobIdOf(pipeline, run)}`;

/** The role of the frozen file that holds the parameters: the content, in the requests bucket. */
export const PARAMETERS_ROLE = 'parameters';

/** Objects of the run's folder in the runs bucket, beside those of shared/runs/names.ts. */
export const approvalObject = (pipeline: string, run: string) => `${pipeline}/${run}/approval.json`;
export const startObject = (pipeline: string, run: string) => `${pipeline}/${run}/start.json`;
