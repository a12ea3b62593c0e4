// What must hold when the mesh of requests is idle: every request has its true outcome, and nothing is left behind.
import { contentObject, jobObject, queuePrefix } from '../../../shared/requests/names.ts';
import { requestContent } from '../../../shared/requests/entry.ts';
import { outputsOf, requestObject } from '../../../shared/runs/names.ts';
import { sample, parameters } from './sample.ts';
import type { Known, RequestsOracle, Watched } from './oracle.ts';

type Idle = Watched & { readonly oracle: RequestsOracle };

const MOST_OBJECTS = 10_000;
const ALL = { from: '', before: undefined, most: MOST_OBJECTS };

/** Nothing is under way any more, and nothing is owed. */
export function isQuiet({ cloud, instances, oracle }: Idle): boolean {
  return (
    instances.live.size === 0 &&
    cloud.storage.list('requests', queuePrefix(sample.name), ALL).length === 0 &&
    oracle.fairness.slots.length === 0 &&
    [...oracle.known.values()].every(({ outcome }) => outcome !== undefined) &&
    cloud.executions.running().length === 0 &&
    cloud.pubsub.idle()
  );
}

export function checkIdle(mesh: Idle): void {
  const { oracle, cloud, instances } = mesh;
  for (const [run, { key }] of oracle.accepted)
    if (!oracle.known.has(run)) oracle.fail('an accepted request was lost', `${run} (${key}) has no entry`);
  for (const known of oracle.known.values()) checkRun(known, mesh);
  const queued = cloud.storage.list('requests', queuePrefix(sample.name), ALL);
  if (queued.length > 0)
    oracle.fail('an entry was left in the queue', queued.map(({ name }) => name).join(', '));
  const { slots } = oracle.fairness;
  if (slots.length > 0) oracle.fail('a slot leaked', slots.map(({ run }) => run).join(', '));
  if (!cloud.pubsub.idle()) oracle.fail('a delivery has no end', 'Pub/Sub still holds a message');
  const running = cloud.executions.running();
  if (running.length > 0) oracle.fail('an execution has no end', running.map(({ name }) => name).join(', '));
  if (instances.live.size > 0)
    oracle.fail('a function has no end', [...instances.live].map(({ name }) => name).join(', '));
}

function checkRun(known: Known, mesh: Idle): void {
  const { oracle, cloud } = mesh;
  const { run, entry, outcome } = known;
  const { acceptedAt } = entry.record;
  if (outcome === undefined) return oracle.fail('an accepted request was lost', `${run} has no outcome`);
  if (!hasCause(known, mesh))
    oracle.fail('an outcome without a cause', `${run} is ${outcome.outcome}: ${outcome.reason}`);
  if (outcome.outcome === 'published' && !isErased(run, mesh)) oracle.checkResult(known);
  if (known.cancelAnswered && outcome.outcome !== 'cancelled')
    oracle.fail('a cancelled job did not end as cancelled', `${run} is ${outcome.outcome}`);
  if (known.rejectAnswered && outcome.outcome === 'published')
    oracle.fail('a rejected job was published', run);
  const announced = oracle.announced.get(run) ?? [];
  if (announced.length === 0) oracle.fail('an end was not announced', `${run} is ${outcome.outcome}`);
  const other = announced.find((each) => each !== outcome.outcome);
  if (other !== undefined)
    oracle.fail('another end was announced', `${run} is ${outcome.outcome}, announced as ${other}`);
  const index = cloud.storage.find('requests', jobObject(sample.name, run, Date.parse(acceptedAt)));
  if (index === undefined) oracle.fail('a job is not in the list of its owner', run);
  if (cloud.storage.find('runs', requestObject(sample.name, run)) === undefined)
    oracle.fail('the record of a request was lost', run);
  oracle.checkAudited(known);
  checkContent(known, mesh);
  if (known.erased) checkErased(known, mesh);
}

/** Also by a call whose answer was lost. */
const isErased = (run: string, { cloud }: Idle): boolean => contentOf(run, cloud)?.kind === 'erased';

function contentOf(run: string, { storage }: Idle['cloud']) {
  const text = storage.text('requests', contentObject(sample.name, run));
  return text === undefined ? undefined : requestContent.parse(JSON.parse(text));
}

/** What was sent is kept apart, until it is erased; then it is gone for good. */
function checkContent({ run, erased, entry }: Known, { oracle, cloud }: Idle): void {
  const content = contentOf(run, cloud);
  if (erased && content?.kind !== 'erased') oracle.fail('erased content came back', run);
  if (content?.kind === 'content' && JSON.stringify(content.parameters) !== JSON.stringify(entry.parameters))
    oracle.fail('the content differs from the request', run);
  if (content === undefined) oracle.fail('the content of a request was lost', run);
}

/** Neither the files of the job, nor the record of its end, have anything of what was sent. */
function checkErased({ run, entry, outcome }: Known, { oracle, cloud }: Idle): void {
  const { what } = parameters.parse(entry.parameters);
  const quotes = (text = '') => text.includes(`${what} `) || text.includes(`"${what}"`);
  for (const { name } of cloud.storage.list('results', outputsOf(sample.name, run), ALL))
    if (quotes(cloud.storage.text('results', name))) oracle.fail('erased content is left', name);
  if (quotes(JSON.stringify(outcome))) oracle.fail('erased content is left', `the outcome of ${run}`);
}

function hasCause(known: Known, mesh: Idle): boolean {
  const { entry, outcome, run } = known;
  const { ends } = parameters.parse(entry.parameters);
  if (outcome === undefined) return false;
  // Any other outcome has no cause here.
  const how: string = outcome.outcome;
  switch (how) {
    case 'published':
      return ends === 'succeed';
    case 'failed':
      return ends === 'refuse' || attemptsFailed(run, mesh);
    case 'cancelled':
      // A clock that is ahead takes an execution within its time for one that overran it, and has it cancelled.
      return known.cancelAsked || mesh.instances.jumps.length > 0;
    case 'rejected':
      return known.rejectAsked;
    case 'expired':
      return mesh.instances.jumps.length > 0 || Date.parse(outcome.at) >= Date.parse(entry.record.expiresAt);
    default:
      return false;
  }
}

/** Each attempt had an execution to which something was done on purpose, or a clock that was off. */
function attemptsFailed(run: string, { cloud, instances: { jumps } }: Idle): boolean {
  const attempts = Array.from({ length: sample.job.attempts }, (_, index) => index + 1);
  return attempts.every((attempt) => {
    const own = cloud.executions.started.filter(({ key }) => key.run === run && key.attempt === attempt);
    return own.length > 0 && (jumps.length > 0 || own.some(({ excuse }) => excuse !== undefined));
  });
}
