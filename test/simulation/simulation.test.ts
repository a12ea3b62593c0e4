// The laws, held over a thousand seeds in virtual time; and bugs on purpose, each of which must be found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUGS } from './bugs.ts';
import { PAST_FAILURES } from './failures.ts';
import { liveThrough, type SeedResult } from './seed.ts';
import { shrink, messageFor } from './shrink.ts';
import { firstFailing, inThreads, type SeedEnd } from './threads.ts';
import { planWiring } from './wiring.ts';

/** Each takes its own time to warm up; other files of tests keep the other processors busy. */
const THREADS = 1;
const SEEDS = Array.from({ length: 1000 }, (_, index) => index + 1);
const wiring = await planWiring();
const planned = { world: 'watch', wiring } as const;

test('a thousand seeds hold, and all that ever failed', async () => {
  const seeds = [...new Set([...SEEDS, ...PAST_FAILURES.map(({ seed }) => seed)])];
  const ends: SeedEnd[] = [];
  await inThreads(seeds, THREADS, planned, (end) => ends.push(end));
  assert.equal(ends.length, seeds.length);
  const failed = ends.filter(({ violation }) => violation !== undefined).map(({ seed }) => seed);
  const [first] = failed.sort((a, b) => a - b);
  if (first === undefined) return;
  const live = (without: ReadonlySet<string>) => liveThrough({ seed: first, wiring, without });
  const { result } = await shrink(await live(new Set()), live);
  assert.fail(`${failed.length} seeds failed (${failed.slice(0, 20).join(', ')}). ${messageFor(result)}`);
});

test('a seed tells the same story twice', async () => {
  const story = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    await liveThrough({ seed: 7, wiring, trace: (line) => lines.push(line) });
    return lines;
  };
  const first = await story();
  assert.ok(first.length > 100);
  assert.deepEqual(await story(), first);
});

test('every planted bug is found within a thousand seeds', { concurrency: THREADS }, async (t) => {
  await Promise.all(
    BUGS.map((bug) =>
      t.test(bug.name, async () => {
        // The seed that found it last time comes first: a search from the start takes longer.
        const found = await firstFailing(bug, [bug.seed, ...SEEDS], planned);
        assert.ok(found?.violation !== undefined, `no seed of ${SEEDS.length} found it: ${bug.about}`);
      }),
    ),
  );
});

test('a stale bug is an error, not a bug that cannot be found', async () => {
  const [bug] = BUGS;
  assert.ok(bug !== undefined);
  const stale = { ...bug, snippet: 'a line that stands nowhere' };
  await assert.rejects(firstFailing(stale, [1], planned), /is stale: .* holds its snippet 0 times/);
});

test('a failing seed is shrunk to the decisions that the failure needs', async () => {
  const kinds = ['late', 'lost', 'killed', 'edited', 'twice', 'slow', 'forced'];
  const decisions = kinds.map((kind, index) => ({ key: `call ${index}`, kind, atMs: index }));
  const live = async (without: ReadonlySet<string>): Promise<SeedResult> => {
    const left = decisions.filter(({ key }) => !without.has(key));
    const breaks = ['lost', 'forced'].every((kind) => left.some((decision) => decision.kind === kind));
    const violation = breaks ? { law: 'a law', detail: 'broken', atMs: 9 } : undefined;
    return { seed: 5, violation, decisions: left };
  };
  const { result } = await shrink(await live(new Set()), live);
  assert.deepEqual(
    result.decisions.map(({ kind }) => kind),
    ['lost', 'forced'],
  );
  assert.match(messageFor(result), /npm run simulate -- --seed 5 --trace/);
});
