// Requests a replay or its plan by the message that both take, and waits for the result.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { commandLine } from '../../shared/command-line.ts';
import { LOAD_REQUESTED, runsBucketOf } from '../../shared/deployment.ts';
import { ConfigurationError, PermanentError } from '../../shared/errors.ts';
import type { LoadRequested } from '../../shared/events/messages.ts';
import { actingAccount } from '../../shared/google/account.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { readJson } from '../../shared/objects/json.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { isPlanHash, planObject, plannedObject, replayObject, type RunId } from '../../shared/runs/names.ts';
import { runOutcome, type RunOutcome } from '../../shared/runs/outcome.ts';
import { readRunsPublished } from '../../shared/warehouse/ledger.ts';
import { readEntries } from '../../shared/warehouse/ledger-entries.ts';
import { planned, replayPlan, type ReplayPlan } from '../../shared/warehouse/plan.ts';
import { runBefore } from '../../shared/warehouse/run-before.ts';
import { knownRun } from './run.ts';
import type { Target } from '../target.ts';

const POLL_MS = 100;
const LONGEST_WAIT_MS = 10 * 60_000;

const runsOf = ({ config }: Target) => gcsStore(runsBucketOf(config.GOOGLE_CLOUD_PROJECT), config);

/** What the replay would change. Throws, with the reason, when there is nothing to publish or it may not be. */
export async function askForPlan(
  target: Target,
  pipeline: Pipeline,
  { run, rollback = false }: { readonly run: RunId; readonly rollback?: boolean },
): Promise<ReplayPlan> {
  await knownRun(target, pipeline, run);
  const nonce = randomUUID();
  await send(target, { pipeline: pipeline.name, run, replay: nonce, plan: true, rollback });
  const runs = runsOf(target);
  const answer = await until(`the plan ${nonce}`, async () =>
    readJson(runs, plannedObject(pipeline.name, run, nonce), planned),
  );
  if (answer.value.kind === 'unfit') {
    const { code, reason } = answer.value;
    throw new PermanentError(`No plan was made: ${reason}`, { code });
  }
  const { hash } = answer.value;
  const plan = await readJson(runs, planObject(pipeline.name, run, hash), replayPlan);
  if (plan === undefined)
    throw new ConfigurationError(`the plan ${hash} was made, but is not stored any more; plan again`);
  return plan.value;
}

export interface WantedReplay {
  readonly run: RunId;
  readonly allowOlder?: boolean;
  readonly apply?: string | undefined;
  readonly reason?: string | undefined;
}

export async function askForReplay(
  target: Target,
  pipeline: Pipeline,
  { run, allowOlder = false, apply, reason }: WantedReplay,
): Promise<RunOutcome> {
  await knownRun(target, pipeline, run);
  const nonce = randomUUID();
  const by = await actingAccount();
  await send(target, {
    ...{ pipeline: pipeline.name, run, replay: nonce, allowOlder },
    ...(apply === undefined ? {} : { apply: checkedHash(apply) }),
    ...(by === null ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
  });
  const runs = runsOf(target);
  const record = await until(`the replay ${nonce}`, async () =>
    readJson(runs, replayObject(pipeline.name, run, nonce), runOutcome),
  );
  return record.value;
}

const send = ({ config }: Target, message: LoadRequested) =>
  topicPublisher<LoadRequested>(LOAD_REQUESTED, config).publish(message);

async function until<T>(what: string, check: () => Promise<T | undefined>): Promise<T> {
  const startMs = performance.now();
  while (performance.now() - startMs < LONGEST_WAIT_MS) {
    const observed = await check();
    if (observed !== undefined) return observed;
    await wait(POLL_MS);
  }
  throw new ConfigurationError(
    `${what} was requested and has no answer after ${LONGEST_WAIT_MS / 60_000} minutes; read the logs of publish-output`,
  );
}

/** The run whose output was current before the current one. */
export async function previousRun(target: Target, pipeline: Pipeline): Promise<RunId> {
  const entries = await readEntries(bigqueryWarehouse(target.config), pipeline);
  const previous = runBefore(entries);
  if (previous !== undefined) return previous;
  const runs = [...new Set(entries.map(({ run }) => run))];
  const stands =
    runs.length === 0
      ? 'nothing was published yet'
      : runs.length === 1
        ? `only run ${runs[0]} was ever published`
        : 'the candidates of every other run were registered, and none was ever current';
  throw new ConfigurationError(`there is nothing to roll ${pipeline.name} back to: ${stands}`);
}

/** The run that a plan of a rollback speaks of. It may be another than would be planned for now. */
export async function runOfRollback(target: Target, pipeline: Pipeline, hash: string): Promise<RunId> {
  checkedHash(hash);
  const runs = runsOf(target);
  for (const run of await readRunsPublished(bigqueryWarehouse(target.config), pipeline)) {
    const plan = await readJson(runs, planObject(pipeline.name, run, hash), replayPlan);
    if (plan?.value.kind === 'rollback') return run;
  }
  throw new ConfigurationError(
    `There is no plan ${hash} of a rollback of ${pipeline.name}. To make one: ${commandLine(pipeline.name, `rollback ${pipeline.name}`)}`,
  );
}

/** Typed text becomes part of object names. */
function checkedHash(hash: string): string {
  if (isPlanHash(hash)) return hash;
  throw new ConfigurationError(
    `"${hash}" is not the hash of a plan; expected 16 hex digits, as a plan prints them`,
  );
}
