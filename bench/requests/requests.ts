// What the front of requested runs costs: 1,000 requests accepted a second, polls of a job, and unchanged polls.
import type { Bench, Measure } from '../measure.ts';
import { openLoop, percentile, type Answered, type Target } from '../serving/requests.ts';
import { canPin, pinHere, startProcess, type BenchProcess } from './processes.ts';
import { callers, startedJob } from './sample.ts';

const RATE = 1000;
const POLLS = 500;
const ACCEPT_SECONDS = 25;
const POLL_SECONDS = 10;
const OWNERS = 200;
const [SERVER_CORE, LOAD_CORE] = [0, 1];
/**
 * After some 10,000 requests V8 compiles most of what is hot, all at once, on the server's core: once in the life of a
 * process, a tenth of a second in which requests wait. What is measured begins after that.
 */
const WARM = { perSecond: RATE, seconds: 12 };
/** A generator that uses more of its core measures itself; the store stub, on the same core, must find room as well. */
const MOST_OF_CORE = { generator: 0.5, both: 0.75 };

export const requests: Bench = {
  name: 'requests',
  about: `requests accepted at ${RATE} a second over a store stub, and polls at ${POLLS} a second`,
  longestMinutes: 4,
  async run({ progress }) {
    pinHere(LOAD_CORE);
    const { keys, tokens } = await callers(OWNERS);
    const store = await startProcess('store-stub.ts', [JSON.stringify(keys)], LOAD_CORE);
    const endpoint = `http://127.0.0.1:${store.port}`;
    const accept = await startProcess('server.ts', ['accept', endpoint], SERVER_CORE);
    const read = await startProcess('server.ts', ['read', endpoint], SERVER_CORE);
    try {
      progress(`${RATE} requests/s for ${ACCEPT_SECONDS} s`);
      const accepting = await measureAccepting(accept, store, tokens);
      progress(`${POLLS} polls/s for ${POLL_SECONDS} s, twice`);
      return [...accepting, ...(await measurePolls(read, store, tokens[0] ?? ''))];
    } finally {
      await Promise.all([accept.end(), read.end(), store.end()]);
    }
  },
};

const bodyOf = (sent: number): string =>
  JSON.stringify({
    pipeline: 'sample',
    parameters: { seconds: sent % 60, text: 'x'.repeat(500) },
    max_cost: 1,
  });

async function measureAccepting(
  server: BenchProcess,
  store: BenchProcess,
  tokens: readonly string[],
): Promise<readonly Measure[]> {
  const target =
    (round: string) =>
    (sent: number): Target => ({
      port: server.port,
      path: '/pipeline/run',
      body: bodyOf(sent),
      headers: {
        authorization: `Bearer ${tokens[sent % tokens.length]}`,
        'idempotency-key': `${round}-${sent}`,
      },
    });
  await openLoop(target('warm'), WARM, () => undefined);
  const [before, storeBefore] = [await server.ask(), await store.ask()];
  const load = await loaded(target('steady'), { perSecond: RATE, seconds: ACCEPT_SECONDS }, 202, store);
  const [after, storeAfter] = [await server.ask(), await store.ask()];
  const count = load.times.length;
  const perRequest = (later = 0, earlier = 0): number => (later - earlier) / count;
  const calls = perRequest(storeAfter.calls, storeBefore.calls).toFixed(2);
  const hints = (after.hints ?? 0) - (before.hints ?? 0);
  return [
    ...latencies('accepted', load, 50, `open loop, ${RATE} requests/s, from the time at which each was due`),
    {
      name: 'processor time of one accepted request',
      value: perRequest(after.cpuMs, before.cpuMs),
      unit: 'ms',
      goal: { most: 0.75, of: 'value' },
      note: `with the signature of its token and ${calls} calls to the store; ${hints} hints for ${count} requests, counted apart`,
    },
    generatorMeasure(load),
  ];
}

async function measurePolls(
  server: BenchProcess,
  store: BenchProcess,
  token: string,
): Promise<readonly Measure[]> {
  const { id, objects } = startedJob();
  await store.ask(objects);
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  const target = (): Target => ({ port: server.port, path: `/pipeline/job/${id}`, headers });
  await openLoop(target, WARM, () => undefined);
  const at = { perSecond: POLLS, seconds: POLL_SECONDS };
  const before = await store.ask();
  const polls = await loaded(target, at, 200, store);
  const after = await store.ask();
  headers['if-none-match'] = await tagOf(target());
  const unchanged = await loaded(target, at, 304, store);
  return [
    ...latencies('a poll', polls, 10, `${POLLS} polls/s of a running job`),
    {
      name: 'calls to the store for one poll',
      value: ((after.calls ?? 0) - (before.calls ?? 0)) / polls.times.length,
      unit: 'calls',
      goal: { most: 1, of: 'value' },
    },
    ...latencies('an unchanged poll (304)', unchanged, 10, 'the same with If-None-Match'),
  ];
}

interface Load {
  readonly times: readonly number[];
  readonly failed: number;
  readonly reason: string;
  /** The shares of their core that this process and the store stub used. */
  readonly generator: number;
  readonly stub: number;
}

async function loaded(
  target: (sent: number) => Target,
  rate: { readonly perSecond: number; readonly seconds: number },
  expected: number,
  store: BenchProcess,
): Promise<Load> {
  const times: number[] = [];
  let [failed, reason] = [0, ''];
  const before = await store.ask();
  const [cpu, beganMs] = [process.cpuUsage(), performance.now()];
  await openLoop(target, rate, ({ ms, status, text }: Answered) => {
    times.push(ms);
    if (status !== expected) [failed, reason] = [failed + 1, `${status} ${text}`.slice(0, 200)];
  });
  const { user, system } = process.cpuUsage(cpu);
  const tookMs = performance.now() - beganMs;
  const after = await store.ask();
  const generator = (user + system) / 1000 / tookMs;
  const stub = ((after.cpuMs ?? 0) - (before.cpuMs ?? 0)) / tookMs;
  if (generator > MOST_OF_CORE.generator || generator + stub > MOST_OF_CORE.both)
    throw new Error(
      `void: of their core the generator used ${percent(generator)}, the stub ${percent(stub)}`,
    );
  return { times, failed, reason, generator, stub };
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

const latencies = (name: string, load: Load, goalMs: number, note: string): readonly Measure[] => [
  { name: `${name}, p50`, value: percentile(load.times, 0.5), unit: 'ms' },
  {
    name: `${name}, p99`,
    value: percentile(load.times, 0.99),
    unit: 'ms',
    goal: { most: goalMs, of: 'value' },
    note,
  },
  { name: `${name}, p99.9`, value: percentile(load.times, 0.999), unit: 'ms' },
  {
    name: `${name}: other answers`,
    value: load.failed,
    unit: 'calls',
    goal: { most: 0, of: 'value' },
    ...(load.failed > 0 ? { note: load.reason } : {}),
  },
];

const generatorMeasure = ({ generator, stub }: Load): Measure => ({
  name: 'the generator, of its core',
  value: generator,
  unit: 'times',
  goal: { most: MOST_OF_CORE.generator, of: 'value' },
  note: canPin()
    ? `server and generator on a core each; the store stub took ${percent(stub)} of the generator's`
    : 'not pinned to cores: taskset is missing',
});

async function tagOf({ port, path, headers = {} }: Target): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  return answer.headers.get('etag') ?? '';
}
