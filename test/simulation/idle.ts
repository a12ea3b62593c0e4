// What must hold at rest, asked of what is durable: outcomes with their true cause, deliveries, leases, tables.
import { tablesOf } from '../../shared/pipelines/outputs.ts';
import { pipeline, rowsOf, troublesOf, type InputFile } from './content.ts';
import { newestOf, type Oracle } from './oracle.ts';
import { hasReplayCause, kindOf } from './replay-causes.ts';
import type { Accepted, Recorded, Watched } from './watched.ts';

type SimulatedMesh = Watched & { readonly oracle: Oracle };

const DEAD_LETTERS = ['run-requested-to-start-run', 'load-requested-to-publish-output'];
const MOST_DELIVERIES = 10;
// A look lists the folder a little before its request is recorded.
const POLL_MS = 10 * 60_000;

/** What the folder holds in the end: good files, or what is wrong with it. */
export type Expected = InputFile[] | 'incomplete' | 'ambiguous';
export const OUTCOME_OF = { incomplete: 'waiting-incomplete', ambiguous: 'failed' } as const;

/** The outcome of the last look, as far as it led to no run. */
export function pollIn({ storage }: SimulatedMesh['cloud']): string | undefined {
  const text = storage.text('runs', 'carmila/state.json') ?? '{}';
  return (JSON.parse(text) as { poll?: { outcome: string } | null }).poll?.outcome;
}

/** A free lease is no object at all. */
const leaseIn = ({ storage }: SimulatedMesh['cloud']): string | undefined =>
  storage.text('runs', 'carmila/lease.json');

/** Nothing is under way any more, and nothing is owed. */
export function isQuiet({ cloud, instances, oracle }: SimulatedMesh): boolean {
  return (
    instances.live.size === 0 &&
    leaseIn(cloud) === undefined &&
    oracle.acceptedRuns().every((run) => oracle.outcomes.has(run)) &&
    cloud.executions.running().length === 0 &&
    cloud.pubsub.idle()
  );
}

export async function checkIdle(mesh: SimulatedMesh): Promise<void> {
  const { oracle, cloud } = mesh;
  const lease = leaseIn(cloud);
  if (lease !== undefined) oracle.fail('a lease was left behind', lease.replaceAll(/\s+/g, ' '));
  for (const accepted of oracle.accepted.values()) checkOutcome(accepted, mesh);
  for (const [run, { outcome }] of oracle.outcomes) {
    if (!oracle.accepted.has(run)) oracle.fail('an outcome without a request', `${run} is ${outcome}`);
  }
  checkReplays(mesh);
  oracle.exports.checkIdle();
  checkFrozen(mesh);
  if (!cloud.pubsub.idle()) oracle.fail('a delivery has no end', 'Pub/Sub still holds a message');
  const { live } = mesh.instances;
  if (live.size > 0) {
    oracle.fail('a function has no end', [...live].map(({ name }) => name).join(', '));
  }
  await checkDeadLetters(mesh);
}

/** The folder as a job would read it: the names say who plays which role. */
export function folderNow({ cloud }: SimulatedMesh): InputFile[] {
  const roles = { flux: /^\d{4} flux/, openings: /^OE/, transco: /^Transco/ };
  const roleOf = (name: string) => Object.entries(roles).find(([, pattern]) => pattern.test(name))?.[0] ?? '';
  return cloud.folder
    .list()
    .filter(({ name }) => roleOf(name) !== '')
    .map(({ id, name, content }) => ({
      role: roleOf(name),
      name,
      text: cloud.folder.textOf(id, content) ?? '',
    }))
    .sort((a, b) => (`${a.role} ${a.name}` < `${b.role} ${b.name}` ? -1 : 1));
}

/** Whether a run could be made of these files. */
export function isComplete(files: readonly InputFile[]): boolean {
  const roles = files.map(({ role }) => role);
  const single = ['openings', 'transco'].every((role) => roles.filter((own) => own === role).length === 1);
  return single && roles.includes('flux');
}

/** What the storm has left in the folder is what the newest run is of, if anything can be made of it. */
export function checkFolder(mesh: SimulatedMesh): void {
  const { oracle } = mesh;
  const files = folderNow(mesh);
  if (!isComplete(files)) return;
  const run = newestOf(oracle.acceptedRuns()) ?? 'none';
  const observed = textOf(oracle.accepted.get(run)?.files ?? []);
  const outcome = oracle.outcomes.get(run)?.outcome;
  if (observed === textOf(files) && outcome !== 'superseded') return;
  oracle.fail(
    'a revision was lost',
    `${run} (${outcome}) is of ${observed}; the folder holds ${textOf(files)}`,
  );
}

/** The newest run's end, and what the tables show, are those of a world without faults. */
export function checkEnd(mesh: SimulatedMesh, expected: Expected): void {
  const { oracle, cloud } = mesh;
  const poll = pollIn(cloud);
  if (typeof expected === 'string') {
    if (poll === OUTCOME_OF[expected]) return;
    oracle.fail('a bad folder unreported', `the state says ${poll}; expected ${OUTCOME_OF[expected]}`);
    return;
  }
  if (poll !== undefined) oracle.fail('a good folder was faulted', poll);
  const run = newestOf(oracle.acceptedRuns()) ?? 'none';
  const files = oracle.accepted.get(run)?.files ?? [];
  if (textOf(files) !== textOf(expected)) {
    oracle.fail('a revision was lost', `${run} is of ${textOf(files)}; the folder holds ${textOf(expected)}`);
    return;
  }
  const outcome = oracle.outcomes.get(run)?.outcome;
  const refused = troublesOf(expected).includes('refused');
  if (outcome !== (refused ? 'failed' : 'published')) {
    oracle.fail('the table differs', `run ${run} is ${outcome}, in a calm`);
  }
  if (refused) return;
  oracle.exports.checkShown(run);
  for (const target of tablesOf(mesh.pipeline)) {
    const table = `simulation.${target.table.dataset}.${target.table.table}`;
    const rows = cloud.warehouse.tables.rows(table);
    const shown = rows.map((row) =>
      Object.keys(target.columns)
        .map((column) => row[column])
        .join(','),
    );
    const wanted = [1, 2].map((attempt) => rowsOf(target, expected, attempt).join('\n'));
    if (!wanted.includes(shown.join('\n'))) oracle.fail('the table differs', `${table} shows ${shown[0]}`);
  }
}

export const textOf = (files: readonly InputFile[]): string =>
  files.map(({ role, name, text }) => `${role} ${name} ${text}`).join(' | ');

/** Every accepted run has an outcome, the ledger agrees with it, and it has the cause that it names. */
function checkOutcome(accepted: Accepted, mesh: SimulatedMesh): void {
  const { oracle } = mesh;
  const { run } = accepted;
  const ended = oracle.outcomes.get(run);
  if (ended === undefined) return oracle.fail('an accepted revision was lost', `run ${run} has no outcome`);
  const published = oracle.ledger().some((entry) => entry.run === run && entry.kind === 'run');
  if (published !== (ended.outcome === 'published')) {
    const what = `run ${run} is ${ended.outcome}, and ${published ? 'in' : 'not in'} the ledger`;
    return oracle.fail('the ledger and the outcome differ', what);
  }
  if (!hasCause(accepted, ended, mesh)) {
    oracle.fail('an outcome without a cause', `run ${run} is ${ended.outcome}: ${ended.reason}`);
  }
}

function hasCause({ run, files, atMs }: Accepted, ended: Recorded, mesh: SimulatedMesh): boolean {
  const { outcome, reason, atMs: endedAtMs } = ended;
  const { oracle, cloud } = mesh;
  const troubles = troublesOf(files);
  switch (outcome) {
    case 'published':
      return true;
    case 'failed':
      // Who became unreadable after the look was readable when it was seen.
      return (
        troubles.includes('refused') || reason.includes('cannot be exported') || attemptsFailed(run, mesh)
      );
    case 'quarantined':
      return troubles.includes('broken');
    case 'held':
      return troubles.includes('worse') && oracle.ledger().length > 0;
    case 'cancelled':
      return oracle.cancelled.has(run);
    case 'superseded': {
      const newer = oracle.acceptedRuns().some((other) => other > run);
      const changed = cloud.folder.changesMs.some((ms) => ms >= atMs - POLL_MS && ms <= endedAtMs);
      return newer || changed;
    }
    default:
      return false;
  }
}

/** Each attempt had an execution to which something was done on purpose, or a clock that was off. */
function attemptsFailed(run: string, { cloud, instances: { jumps } }: SimulatedMesh): boolean {
  const attempts = Array.from({ length: pipeline.job.attempts }, (_, index) => index + 1);
  return attempts.every((attempt) => {
    const own = cloud.executions.started.filter(({ key }) => key.run === run && key.attempt === attempt);
    return own.length > 0 && (jumps.length > 0 || own.some(({ excuse }) => excuse !== undefined));
  });
}

function checkReplays({ oracle, cloud }: SimulatedMesh): void {
  const found = cloud.pubsub.idle() ? deadLetters({ cloud }) : [];
  for (const [key, asked] of oracle.asked) {
    const record = oracle.replays.get(key);
    const ids = oracle
      .ledger()
      .filter((entry) => String(entry.publication_id).endsWith(`-replay-${asked.nonce}`));
    if (record === undefined) {
      const isDead = found.some(({ text }) => text.includes(asked.run));
      if (!isDead) oracle.fail('a replay has no outcome', key);
      continue;
    }
    if (ids.length !== (record.outcome === 'published' ? 1 : 0)) {
      oracle.fail(
        'the ledger and the outcome differ',
        `replay ${key} is ${record.outcome}, ${ids.length} times in the ledger`,
      );
    }
    if (!hasReplayCause(asked, record, { oracle, cloud }))
      oracle.fail(
        'an outcome without a cause',
        `${kindOf(asked)} ${key} is ${record.outcome}: ${record.reason}`,
      );
  }
}

/** What was frozen is what the snapshot saw, to the byte. */
function checkFrozen({ oracle, cloud }: SimulatedMesh): void {
  for (const { run, files } of oracle.accepted.values()) {
    const text = cloud.storage.text('runs', `carmila/${run}/input.json`);
    if (text === undefined) continue;
    const input = JSON.parse(text) as { files: { role: string; name: string; object: string }[] };
    const frozen = input.files.map(({ role, name, object }) => ({
      ...{ role, name },
      text: cloud.storage.text('runs', object) ?? 'nothing',
    }));
    if (textOf(frozen) === textOf(files)) continue;
    oracle.fail('a frozen copy differs', `${run}: ${textOf(frozen)}; expected ${textOf(files)}`);
  }
}

interface DeadLetter {
  readonly data: string;
  readonly text: string;
  readonly deliveries: number;
}

const kept = new WeakMap<SimulatedMesh['cloud'], DeadLetter[]>();

function deadLetters({ cloud }: Pick<SimulatedMesh, 'cloud'>): DeadLetter[] {
  return kept.get(cloud) ?? [];
}

/** Every dead letter has been refused as often as it says, for reasons that stand in the log. */
async function checkDeadLetters(mesh: SimulatedMesh): Promise<void> {
  const { oracle } = mesh;
  const found = deadLetters(mesh);
  for (const { data, text, deliveries } of found) {
    const reasons = oracle.refused.get(data) ?? [];
    const unknown = reasons.find((reason) => reason.includes('teach it'));
    if (unknown !== undefined) oracle.fail('the simulation does not know this', unknown);
    if (deliveries !== MOST_DELIVERIES || reasons.length < 1) {
      oracle.fail(
        'a dead letter without a reason',
        `${text}: ${deliveries} deliveries, ${reasons.length} reasons`,
      );
    }
  }
  for (const data of oracle.poison) {
    const dead = found.some((deadLetter) => deadLetter.data === data);
    if (!dead) oracle.fail('a poison message vanished', Buffer.from(data, 'base64').toString('utf8'));
  }
}

/** Takes what lies in the dead letters: to be called when nothing is under way. */
export async function readDeadLetters({ cloud }: SimulatedMesh): Promise<void> {
  const found = deadLetters({ cloud });
  for (const name of DEAD_LETTERS) {
    const subscription = `projects/simulation/subscriptions/${name}-dead-letter`;
    const pulled = await cloud.pubsub.pull(subscription, 1000);
    cloud.pubsub.acknowledge(
      subscription,
      pulled.map(({ ackId }) => ackId),
    );
    for (const { data, attributes } of pulled) {
      const deliveries = Number(attributes.CloudPubSubDeadLetterSourceDeliveryCount);
      found.push({ data, text: Buffer.from(data, 'base64').toString('utf8'), deliveries });
    }
  }
  kept.set(cloud, found);
}
