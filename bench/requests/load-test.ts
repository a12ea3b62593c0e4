// The load test of docs/LOAD.md against a deployed API: requests at a constant rate, and afterwards the invariants.
import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { enter, throwing } from '../../cli/entry.ts';
import { requestsBucketOf, runsBucketOf } from '../../shared/deployment.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { parseJobId, queuePrefix } from '../../shared/requests/names.ts';
import { outcomeObject } from '../../shared/runs/names.ts';
import { percentile } from '../serving/requests.ts';

interface SendOptions {
  readonly url: string;
  readonly tokens: string;
  readonly pipeline: string;
  readonly rate: string;
  readonly minutes: string;
  readonly accepted: string;
}

interface CheckOptions {
  readonly project: string;
  readonly pipeline: string;
  readonly accepted: string;
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

const BODY = { seconds: 0, ends: 'succeed', units: 1 };
const AGAIN_EVERY = 20;
const TIMEOUT_MS = 30_000;
const agent = new Agent({ keepAlive: true, maxSockets: 1000 });

await enter(async () => {
  const program = throwing(new Command('node bench/requests/load-test.ts'));
  const accepted = ['--accepted <file>', 'the ids of accepted jobs, one a line'] as const;
  program
    .command('send')
    .requiredOption('--url <address>', 'of accept-requests')
    .requiredOption('--tokens <file>', 'identity tokens, one a line, of an owner each')
    .requiredOption('--pipeline <name>', 'that takes the requests')
    .requiredOption('--rate <number>', 'requests a second')
    .requiredOption('--minutes <number>', 'for so long')
    .requiredOption(...accepted)
    .action((options: SendOptions) => send(options));
  program
    .command('check')
    .requiredOption('--project <id>', 'the staging project')
    .requiredOption('--pipeline <name>', 'that took the requests')
    .requiredOption(...accepted)
    .action((options: CheckOptions) => check(options));
  await program.parseAsync();
});

/** Open loop: a request is sent when it is due, whatever the others do; its time counts from then. */
async function send({ url, tokens, pipeline, rate, minutes, accepted }: SendOptions): Promise<void> {
  const owners = readFileSync(tokens, 'utf8').trim().split('\n');
  const [perSecond, count] = [Number(rate), Math.round(Number(rate) * Number(minutes) * 60)];
  const round = randomUUID();
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  let keysReused = 0;
  const one = async (index: number, dueMs: number): Promise<void> => {
    const token = owners[index % owners.length] ?? '';
    const body = JSON.stringify({ pipeline, parameters: BODY });
    const ask = () => post(new URL('/pipeline/run', url), token, `${round}-${index}`, body);
    const answer = await ask().catch((error: unknown): Answered => ({ status: 0, text: String(error) }));
    times.push(performance.now() - dueMs);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    if (answer.status !== 202) return;
    appendFileSync(accepted, `${idIn(answer)}\n`);
    if (index % AGAIN_EVERY !== 0) return;
    const again = await ask().catch(() => answer);
    if (again.status === 202 && idIn(again) !== idIn(answer)) keysReused += 1;
  };
  writeFileSync(accepted, '', { flag: 'a' });
  const [beganMs, cpu] = [performance.now(), process.cpuUsage()];
  const under: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const dueMs = beganMs + (index * 1000) / perSecond;
    const early = dueMs - performance.now();
    if (early > 1) await wait(early);
    under.push(one(index, dueMs));
  }
  await Promise.all(under);
  const seconds = (performance.now() - beganMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const shown = {
    ...{ asked: count, perSecond: count / seconds, statuses, otherJobOfSameKey: keysReused },
    ms: { p50: percentile(times, 0.5), p99: percentile(times, 0.99), p999: percentile(times, 0.999) },
    generatorCores: (user + system) / 1e6 / seconds,
  };
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
}

const idIn = ({ text }: Answered): string => (JSON.parse(text) as { readonly job_id: string }).job_id;

function post(url: URL, token: string, key: string, body: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...{ 'idempotency-key': key, 'content-length': Buffer.byteLength(body) },
    };
    const sent = request(url, { agent, method: 'POST', headers, timeout: TIMEOUT_MS }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.once('error', reject);
    });
    sent.once('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    sent.once('error', reject).end(body);
  });
}

const PAGE = 1_000_000;

/** accepted = entries + outcomes, and nothing else is there; at the end accepted = outcomes. */
async function check({ project, pipeline, accepted }: CheckOptions): Promise<void> {
  const config = { GOOGLE_CLOUD_PROJECT: project };
  const requests = gcsStore(requestsBucketOf(project), config);
  const runs = gcsStore(runsBucketOf(project), config);
  const ids = readFileSync(accepted, 'utf8').trim().split('\n');
  const asked = new Set(ids.map((id) => parseJobId(id)?.run ?? id));
  const queued = (await requests.list(queuePrefix(pipeline), PAGE)).map(({ name }) => lastOf(name));
  const objects = await runs.list(`${pipeline}/`, 10 * PAGE);
  const outcomes = new Set(objects.map(({ name }) => name));
  const ended = new Set([...asked].filter((run) => outcomes.has(outcomeObject(pipeline, run))));
  const waiting = new Set(queued);
  const shown = {
    ...{ answers: ids.length, jobs: asked.size, ended: ended.size, entries: waiting.size },
    lost: [...asked].filter((run) => !ended.has(run) && !waiting.has(run)),
    unknown: [...waiting].filter((run) => !asked.has(run)).length,
  };
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  if (shown.lost.length > 0) process.exitCode = 1;
}

const lastOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
