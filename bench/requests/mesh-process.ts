// Runs in a copy of the tree with the sample pipeline: requests runs through the API, kills every process of the mesh
// once, and prints, as one line of JSON, what was accepted, how long it took, and what must not have happened.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LOCAL_PROJECT, openMesh, REGION } from '../../cli/local-mesh.ts';
import { API_AUDIENCE } from '../../shared/api/audience.ts';
import { concurrently } from '../../shared/concurrently.ts';
import { auditBucketOf, requestsBucketOf, resultsBucketOf, runsBucketOf } from '../../shared/deployment.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { ownerOf, parseJobId, queuePrefix } from '../../shared/requests/names.ts';
import { newestDecision } from '../../shared/requests/decisions.ts';
import { readStart } from '../../shared/requests/gates.ts';
import { manifestObject } from '../../shared/runs/names.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';

export interface MeshLoad {
  readonly accepted: number;
  readonly seconds: number;
  /** Seconds from acceptance to the start, the longest. */
  readonly waits: { readonly most: number; readonly others: number };
  readonly killed: number;
  readonly violations: readonly string[];
}

const PIPELINE = 'sleeps';
const REQUESTS = 40;
const PER_SECOND = 10;
const OTHERS = 4;
/** One in so many is of another owner, and one in so many is sent a second time. */
const [OTHER_EVERY, AGAIN_EVERY] = [10, 20];
/** On an idle machine it takes a fraction of that. */
const LONGEST_MS = 180_000;
const SWEEP_EVERY_MS = 5000;

const root = mkdtempSync(join(tmpdir(), 'requests-bench-'));
const folders = { data: join(root, 'data'), drive: join(root, 'drive') };
mkdirSync(folders.drive);
const cloud = await openMesh(folders, {
  env: { SLEEPS_CALLERS: 'domain:example.com' },
  config: { 'sluice:overdueSeconds': '2', 'sluice:minimumBackoff': '0s' },
  onLog: ({ from, text }) => process.stderr.write(`${from}: ${text}\n`),
});
await cloud.scheduler.stop();
process.env['GCE_METADATA_HOST'] = new URL(cloud.endpoint).host;
process.env['METADATA_SERVER_DETECTION'] = 'assume-present';
const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
const runs = gcsStore(runsBucketOf(LOCAL_PROJECT), google);
const results = gcsStore(resultsBucketOf(LOCAL_PROJECT), google);
const requests = gcsStore(requestsBucketOf(LOCAL_PROJECT), google);
const audit = gcsStore(auditBucketOf(LOCAL_PROJECT), google);

const ownerOfIndex = (index: number): string =>
  index % OTHER_EVERY === 0 ? `other-${(index / OTHER_EVERY) % OTHERS}` : 'most';

interface Accepted {
  readonly id: string;
  readonly run: string;
  readonly acceptedAtMs: number;
}

/** Sends a request until it is answered: a process that was killed answers nothing, and the same key is the same job. */
async function ask(index: number): Promise<Accepted> {
  const token = await cloud.metadata.mintIdToken(`${ownerOfIndex(index)}@example.com`, API_AUDIENCE);
  const untilMs = Date.now() + LONGEST_MS;
  for (;;) {
    try {
      const answer = await fetch(`${cloud.functionUrl('accept-requests')}/pipeline/run`, {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          'idempotency-key': `key-${index}`,
        },
        body: JSON.stringify({ pipeline: PIPELINE, parameters: { seconds: 0, ends: 'succeed', units: 1 } }),
      });
      const text = await answer.text();
      if (answer.status === 202) {
        const job = JSON.parse(text) as { job_id: string; accepted_at: string };
        const run = parseJobId(job.job_id)?.run ?? '';
        return { id: job.job_id, run, acceptedAtMs: Date.parse(job.accepted_at) };
      }
      if (answer.status < 500) throw new RangeError(`${answer.status} ${text}`);
    } catch (error) {
      if (error instanceof RangeError || Date.now() > untilMs) throw error;
    }
    await wait(200);
  }
}

/** Every process that this one started: functions and jobs. Each call and each delivery then starts another. */
function killAll(): number {
  const own = readdirSync('/proc').filter((name) => {
    try {
      return (
        / \(.*\) \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1] === String(process.pid)
      );
    } catch {
      return false;
    }
  });
  for (const pid of own) process.kill(Number(pid), 'SIGKILL');
  return own.length;
}

const sweep = () => cloud.scheduler.run(`projects/${LOCAL_PROJECT}/locations/${REGION}/jobs/sweep`);

/** Sweeps meanwhile. Kills once a quarter of them have ended, and returns how many processes. */
async function untilEnded(accepted: readonly Accepted[], violations: string[]): Promise<number> {
  const untilMs = Date.now() + LONGEST_MS;
  let killed = 0;
  for (let sweptMs = Date.now(); Date.now() < untilMs; await wait(250)) {
    const state = await newestDecision(requests, PIPELINE);
    if ((state?.slots.length ?? 0) > MOST_AT_ONCE) violations.push(`${state?.slots.length} slots`);
    const left = await requests.list(queuePrefix(PIPELINE), 2000);
    if (left.length === 0 && state?.slots.length === 0) return killed;
    if (killed === 0 && left.length <= accepted.length * 0.75) killed = killAll();
    if (Date.now() - sweptMs < SWEEP_EVERY_MS) continue;
    sweptMs = Date.now();
    await sweep();
  }
  const entries = await requests.list(queuePrefix(PIPELINE), 2000);
  const slots = (await newestDecision(requests, PIPELINE))?.slots ?? [];
  const held = slots.map(({ run, attempt, since }) => `${run} attempt ${attempt} since ${since}`);
  violations.push(`after ${LONGEST_MS / 1000} s: ${entries.length} entries, slots of ${held.join(', ')}`);
  return killed;
}

const MOST_AT_ONCE = 4;
const CHECKS_AT_ONCE = 8;

interface Checked {
  readonly waited: number;
  readonly endedAtMs: number;
}

/** Each accepted job has one outcome, one output and one audit record, and there is no object of a run that was not accepted. */
async function check(accepted: readonly Accepted[], violations: string[]): Promise<readonly Checked[]> {
  const known = new Set(accepted.map(({ run }) => run));
  const stored = await runs.list(`${PIPELINE}/`, 20_000);
  for (const { name } of stored)
    if (!known.has(name.split('/')[1] ?? '')) violations.push(`${name} is of no accepted request`);
  const audited = (await audit.list(`_requests/${PIPELINE}/`, 20_000)).length;
  if (audited !== known.size) violations.push(`${audited} audit records of ${known.size} requests`);
  return concurrently([...accepted], CHECKS_AT_ONCE, async ({ run, acceptedAtMs }) => {
    const outcome = await readOutcome(runs, PIPELINE, run);
    if (outcome?.outcome !== 'published') violations.push(`${run} ended as ${outcome?.outcome}`);
    const output = outcome === undefined ? '' : manifestObject(PIPELINE, run, outcome.attempt);
    if (outcome !== undefined && (await results.info(output)) === undefined)
      violations.push(`${run} has no ${output}`);
    const start = await readStart(runs, PIPELINE, run);
    const waited = start === undefined ? 0 : (Date.parse(start.at) - acceptedAtMs) / 1000;
    return { waited, endedAtMs: Date.parse(outcome?.at ?? '') || Date.now() };
  });
}

try {
  await ask(0);
  const violations: string[] = [];
  const beganMs = Date.now();
  const sent = Array.from({ length: REQUESTS }, async (_none, index) => {
    await wait((index * 1000) / PER_SECOND);
    const first = await ask(index);
    if (index % AGAIN_EVERY === 1 && (await ask(index)).id !== first.id)
      violations.push(`the key of request ${index} gave another job`);
    return first;
  });
  const accepted = await Promise.all(sent);
  if (new Set(accepted.map(({ id }) => id)).size !== REQUESTS) violations.push('two keys gave one job');
  const killed = await untilEnded(accepted, violations);
  const checked = await check(accepted, violations);
  const seconds = (Math.max(...checked.map(({ endedAtMs }) => endedAtMs)) - beganMs) / 1000;
  const most = ownerOf(accepted[1]?.run ?? '');
  const longest = (isMost: boolean) =>
    Math.max(
      0,
      ...checked
        .filter((_each, index) => (ownerOf(accepted[index]?.run ?? '') === most) === isMost)
        .map(({ waited }) => waited),
    );
  const load: MeshLoad = {
    ...{ accepted: REQUESTS, seconds, waits: { most: longest(true), others: longest(false) } },
    ...{ killed, violations },
  };
  process.stdout.write(`${JSON.stringify(load)}\n`);
} finally {
  await cloud.close();
  rmSync(root, { recursive: true, force: true });
}
