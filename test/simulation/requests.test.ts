// The laws of requested runs, held over seeds in virtual time; and bugs on purpose, each of which must be found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REQUESTS_BUGS } from './requests/bugs.ts';
import { liveThroughRequests } from './requests/seed.ts';
import { stack } from './requests/sample.ts';
import { messageFor, shrink } from './shrink.ts';
import { firstFailing, inThreads, type SeedEnd } from './threads.ts';
import { planWiring } from './wiring.ts';

/** Each takes its own time to warm up; other files of tests keep the other processors busy. */
const THREADS = 1;
// `npm run simulate -- --world requests` runs as many as it is told.
const SEEDS = Array.from({ length: 300 }, (_, index) => index + 1);
const MOST_SEEDS = Array.from({ length: 1000 }, (_, index) => index + 1);
const wiring = await planWiring(stack);
const planned = { world: 'requests', wiring } as const;

test('three hundred seeds of requests hold', async () => {
  const ends: SeedEnd[] = [];
  await inThreads(SEEDS, THREADS, planned, (end) => ends.push(end));
  assert.equal(ends.length, SEEDS.length);
  const failed = ends.filter(({ violation }) => violation !== undefined).map(({ seed }) => seed);
  const [first] = failed.sort((a, b) => a - b);
  if (first === undefined) return;
  const live = (without: ReadonlySet<string>) => liveThroughRequests({ seed: first, wiring, without });
  const { result } = await shrink(await live(new Set()), live);
  assert.fail(
    `${failed.length} seeds failed (${failed.slice(0, 20).join(', ')}). ${messageFor(result, 'requests')}`,
  );
});

test('a seed of requests tells the same story twice', async () => {
  const story = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    await liveThroughRequests({ seed: 8, wiring, trace: (line) => lines.push(line) });
    return lines;
  };
  const first = await story();
  assert.ok(first.length > 100);
  assert.deepEqual(await story(), first);
});

test(
  'every planted bug of requests is found within a thousand seeds',
  { concurrency: THREADS },
  async (t) => {
    await Promise.all(
      REQUESTS_BUGS.map((bug) =>
        t.test(bug.name, async () => {
          // The seed that found it last time comes first: a search from the start takes longer.
          const found = await firstFailing(bug, [bug.seed, ...MOST_SEEDS], planned);
          assert.ok(found?.violation !== undefined, `no seed of ${MOST_SEEDS.length} found it: ${bug.about}`);
        }),
      ),
    );
  },
);
