// Requests a run of a pipeline: the estimate first, then the request under a key, and the job until it ends.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ConfigurationError, messageOf, TransientError } from '../../shared/errors.ts';
import type { Job } from '../../shared/api/schemas.ts';
import { isRequests, requestsOf, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines } from '../../shared/pipelines/registry.ts';
import type { RequestsClient, RunRequest } from '../requests/client.ts';
import { downloaded } from '../requests/download.ts';
import { followed } from '../requests/follow.ts';
import { clientOf } from '../requests/open.ts';
import { nextSteps } from '../requests/next-steps.ts';
import { progressOn } from '../requests/progress.ts';
import { dataOf, estimateText, factsOf } from '../requests/shown.ts';
import type { Target } from '../target.ts';
import { writeLine } from '../terminal.ts';
import type { Sluice } from '../verbs/verb.ts';

export interface Waiting {
  readonly wait: boolean;
  /** Where the result is written. */
  readonly out: string | undefined;
  readonly asJson: boolean;
}

export interface Asking extends Waiting {
  /** What the estimate follows from. */
  readonly what: Pick<RunRequest, 'preset' | 'parameters'>;
  readonly bounds: Pick<RunRequest, 'max_cost' | 'priority'>;
  /** Of an earlier request whose answer was lost. */
  readonly key: string | undefined;
  readonly onlyEstimate: boolean;
}

/** As a shell reports of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

export async function request(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  asking: Asking,
): Promise<void> {
  if (!isRequests(pipeline)) throw new ConfigurationError(notRequested(pipeline));
  const client = clientOf(target);
  const note = noteOn(asking);
  const what = { ...asking.what, pipeline: pipeline.name };
  const estimate = await client.estimate(what);
  if (asking.onlyEstimate) {
    sluice.show(
      { pipeline: pipeline.name, estimate },
      { Estimate: `${estimateText(estimate)}; hash ${estimate.hash}` },
    );
    return;
  }
  note(`estimate   ${estimateText(estimate)}`);
  const key = asking.key ?? randomUUID();
  note(`key        ${key}`);
  const accepted = await acceptedBy(client, { ...what, ...asking.bounds }, key);
  note(`job        ${accepted.job_id}`);
  await ended(sluice, client, pipeline, accepted, { ...asking, key });
}

function notRequested({ name }: Pipeline): string {
  const others = requestsOf(loadPipelines().values()).map((pipeline) => pipeline.name);
  return `the pipeline ${name} watches a source, and takes no requests; expected ${others.join(', ')}`;
}

/** Goes on with a job that was requested before. */
export async function resume(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  id: string,
  waiting: Waiting,
): Promise<void> {
  const client = clientOf(target);
  const polled = await client.poll(id);
  if (polled.kind === 'job') await ended(sluice, client, pipeline, polled.job, waiting);
}

/** For people: on stdout it would stand between a program and its JSON. */
const noteOn = ({ asJson }: Waiting) => {
  const output = outputOf(asJson);
  return (line: string): void => writeLine(output, line);
};

const outputOf = (asJson: boolean): NodeJS.WriteStream => (asJson ? process.stderr : process.stdout);

/** A repeated key is the same job, so nothing runs twice. */
async function acceptedBy(client: RequestsClient, request: RunRequest, key: string): Promise<Job> {
  try {
    return await client.request(request, key);
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    const message =
      `${messageOf(error)}. The request may have been accepted: repeat the command with --key ${key}, ` +
      'which continues it and never runs it twice';
    throw new TransientError(message, { cause: error, code: error.code });
  }
}

async function ended(
  sluice: Sluice,
  client: RequestsClient,
  pipeline: Pipeline,
  first: Job,
  waiting: Waiting & { readonly key?: string },
): Promise<void> {
  const job = waiting.wait ? await untilDone(sluice, client, first, waiting.asJson) : first;
  if (job === undefined) return;
  const { out, key } = waiting;
  const hasResult = job.result !== null;
  if (out !== undefined && hasResult) await downloaded(await client.resultLink(job.job_id, undefined), out);
  const file = out !== undefined && hasResult ? out : null;
  sluice.show(
    { ...dataOf(job), ...(key === undefined ? {} : { key }), file },
    { ...factsOf(job, pipeline), ...(file === null ? {} : { File: file }) },
  );
  for (const hint of nextSteps(sluice, job, file)) sluice.hint(hint);
  if (waiting.wait && job.state !== 'succeeded') process.exitCode = 1;
}

/** Undefined after Ctrl-C, which ends the waiting and not the job. */
async function untilDone(
  sluice: Sluice,
  client: RequestsClient,
  { job_id: id }: Job,
  asJson: boolean,
): Promise<Job | undefined> {
  const output = outputOf(asJson);
  const progress = progressOn(output, Date.now);
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt);
  try {
    return await followed(client, id, {
      onJob: (job) => progress.show(job),
      signal: abort.signal,
      now: Date.now,
      pause: async (ms) => void (await wait(ms, undefined, { signal: abort.signal })),
    });
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
    progress.close();
    writeLine(output, `The job goes on. To follow it: ${sluice.line('request', '--job', id, '--wait')}`);
    writeLine(output, `To cancel it: ${sluice.line('job', id, 'cancel', '--reason', '<why>')}`);
    return undefined;
  } finally {
    process.removeListener('SIGINT', interrupt);
    progress.close();
  }
}
