// Properties of the dispatch's decisions: concurrency, work conservation, fairness between owners, bounds of spending.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byOwner, type Candidate } from '../../../shared/requests/candidates.ts';
import { decide, lineOf, noState } from '../../../shared/requests/decide.ts';
import { furthestAhead, weightOf } from '../../../shared/requests/round-robin.ts';
import { SpendingCount } from '../../../shared/requests/spending.ts';
import { BOUNDS, candidate, complete, HOUR_MS, Line, START_MS } from './line.ts';

interface Step {
  readonly arrivals: readonly Omit<Candidate, 'run' | 'acceptedAtMs'>[];
  readonly ends: readonly number[];
  readonly withdraws: number | undefined;
  readonly laterMs: number;
}

const arrival = fc.record({
  owner: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  cost: fc.oneof(fc.constantFrom(0, 0.0001, 0.001, 0.01, 1), fc.double({ min: 0, max: 3, noNaN: true })),
  priority: fc.integer({ min: 0, max: 9 }),
  expiresAtMs: fc.constantFrom(START_MS + HOUR_MS, START_MS + 1000 * HOUR_MS),
  approval: fc.constant('none' as const),
});
const step: fc.Arbitrary<Step> = fc.record({
  arrivals: fc.array(arrival, { maxLength: 8 }),
  ends: fc.uniqueArray(fc.integer({ min: 0, max: 4 })),
  withdraws: fc.option(fc.nat(20), { nil: undefined }),
  laterMs: fc.constantFrom(0, 1000, HOUR_MS, 24 * HOUR_MS),
});
const steps = fc.array(step, { minLength: 1, maxLength: 25 });
const concurrency = fc.integer({ min: 1, max: 5 });

type Check = (before: readonly Candidate[], started: readonly Candidate[]) => void;

/** Runs the steps; after each, `check` gets those that could start and those that did, in order. */
function live(line: Line, all: readonly Step[], check: Check): void {
  let arrived = 0;
  for (const { arrivals, ends, withdraws, laterMs } of all) {
    line.nowMs += laterMs;
    for (const each of arrivals) {
      arrived += 1;
      line.arrive({ ...each, run: `run-${arrived}`, acceptedAtMs: line.nowMs + arrived });
    }
    if (withdraws !== undefined) line.withdraw(withdraws);
    const before = line.waiting;
    const { started } = line.decide(ends);
    const byRun = new Map(before.map((each) => [each.run, each]));
    check(
      before,
      started.map(({ run }) => byRun.get(run)!),
    );
  }
}

test('never more than concurrency at once, and each request starts once', () => {
  fc.assert(
    fc.property(steps, concurrency, (all, most) => {
      const line = new Line({ ...BOUNDS, concurrency: most });
      const ever = new Set<string>();
      live(line, all, (_before, started) => {
        assert.ok(line.state.slots.length <= most);
        for (const { run } of started) {
          assert.ok(!ever.has(run));
          ever.add(run);
        }
      });
    }),
  );
});

test('a free slot and an affordable request: something starts, and no owner and no day exceeds its bound', () => {
  const spending = fc.record({
    perOwner: fc.constantFrom(0.0005, 0.5, 2, 10),
    inAll: fc.constantFrom(0.001, 3, 20),
  });
  fc.assert(
    fc.property(steps, concurrency, spending, (all, most, bounds) => {
      const line = new Line({ concurrency: most, spending: bounds });
      live(line, all, () => {
        const { slots, spending: spent } = line.state;
        const count = new SpendingCount(spent, bounds);
        if (slots.length < most)
          assert.deepEqual(
            line.waiting.filter((each) => count.affords(each)),
            [],
          );
        const dollars = Object.values(spent.owners);
        assert.ok(dollars.every((each) => each <= bounds.perOwner));
        assert.ok(dollars.reduce((sum, each) => sum + each, 0) <= bounds.inAll + 1e-9);
      });
    }),
  );
});

test('while a request is the next of its owner, every other owner starts at most what the bound allows', () => {
  fc.assert(
    fc.property(steps, concurrency, (all, most) => {
      const watch = new FairnessWatch();
      const line = new Line({ ...BOUNDS, concurrency: most });
      live(line, all, (before, started) => watch.observe(before, started));
    }),
    { numRuns: 500 },
  );
});

/** For each owner's next request: what every other owner has started since it became the next. */
class FairnessWatch {
  readonly #next = new Map<string, { readonly run: string; readonly ahead: Map<string, Candidate[]> }>();

  observe(before: readonly Candidate[], started: readonly Candidate[]): void {
    let waiting = before;
    this.#follow(waiting);
    for (const one of started) {
      waiting = waiting.filter((each) => each !== one);
      for (const [owner, { run, ahead }] of this.#next) {
        if (owner === one.owner) continue;
        const own = [...(ahead.get(one.owner) ?? []), one];
        ahead.set(one.owner, own);
        this.#check(
          before.find((each) => each.run === run)!,
          own,
        );
      }
      this.#follow(waiting);
    }
  }

  #follow(waiting: readonly Candidate[]): void {
    const queues = byOwner(waiting);
    for (const owner of this.#next.keys()) if (!queues.has(owner)) this.#next.delete(owner);
    for (const [owner, [first]] of queues)
      if (first !== undefined && this.#next.get(owner)?.run !== first.run)
        this.#next.set(owner, { run: first.run, ahead: new Map() });
  }

  #check(next: Candidate, ahead: readonly Candidate[]): void {
    const weights = ahead.map(weightOf);
    const sum = weights.reduce((all, each) => all + each, 0);
    const bound = furthestAhead(weightOf(next), Math.max(...weights));
    assert.ok(
      sum <= bound,
      `${sum} was started ahead of a run of ${weightOf(next)}; at most ${bound} may be`,
    );
  }
}

test('an owner with 90 % of the requests delays the others by its own turns alone', () => {
  const crowd = Array.from({ length: 900 }, (_, index) => candidate({ run: `m${index}`, owner: 'm' }));
  const others = Array.from({ length: 100 }, (_, index) =>
    candidate({ run: `o${index}`, owner: `o${index % 10}`, acceptedAtMs: START_MS + 1000 + index }),
  );
  const line = lineOf(noState(START_MS), complete([...crowd, ...others]), START_MS);
  assert.equal(line.size, 1000);
  // Eleven owners take turns: an owner's k-th request is among the first 11 k.
  others.forEach(({ run }, index) => {
    const most = 11 * (Math.floor(index / 10) + 1);
    assert.ok(line.get(run)! <= most, `${run} is at place ${line.get(run)}; expected at most ${most}`);
  });
});

test('an owner starts by priority, then by acceptance', () => {
  const line = new Line({ ...BOUNDS, concurrency: 9 });
  line.arrive(
    candidate({ run: 'late', priority: 1, acceptedAtMs: START_MS + 2 }),
    candidate({ run: 'last', priority: 9 }),
    candidate({ run: 'early', priority: 1, acceptedAtMs: START_MS + 1 }),
  );
  assert.deepEqual(
    line.decide().started.map(({ run }) => run),
    ['early', 'late', 'last'],
  );
});

test('owners take turns by what their requests cost, not by their number', () => {
  const many = (count: number, owner: string, cost: number) =>
    Array.from({ length: count }, (_, index) => candidate({ run: `${owner}${index}`, owner, cost }));
  const queued = complete([...many(20, 'dear', 1), ...many(200, 'cheap', 0.1)]);
  const places = [...lineOf(noState(START_MS), queued, START_MS)];
  const first = places.filter(([, place]) => place <= 110).map(([run]) => run);
  assert.equal(first.filter((run) => run.startsWith('dear')).length, 10);
});

test('the same decision, in whatever order the listing and the state are read', () => {
  fc.assert(
    fc.property(steps, fc.integer(), (all, seed) => {
      const line = new Line({ ...BOUNDS, concurrency: 3 });
      const shuffle = <T>(items: readonly T[]): readonly T[] =>
        items.toSorted((one, other) => order(one, seed) - order(other, seed));
      live(line, all, () => {
        const { state, entries, nowMs } = line;
        const deficits = Object.fromEntries(shuffle(Object.entries(state.deficits)));
        const more = { ...BOUNDS, concurrency: 5 };
        assert.deepEqual(
          decide({ ...state, deficits }, [], complete(shuffle(entries)), more, nowMs),
          decide(state, [], complete(entries), more, nowMs),
        );
      });
    }),
    { numRuns: 50 },
  );
});

const order = (item: unknown, seed: number): number =>
  [...JSON.stringify(item)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, seed);

test('only owners that wait have a deficit', () => {
  fc.assert(
    fc.property(steps, concurrency, (all, most) => {
      const line = new Line({ ...BOUNDS, concurrency: most });
      live(line, all, () => {
        const owners = new Set(line.waiting.map(({ owner }) => owner));
        const others = Object.keys(line.state.deficits).filter((owner) => !owners.has(owner));
        assert.deepEqual(others, []);
      });
    }),
  );
});

test('a day that is over frees the spending, and a clock that runs behind does not', () => {
  const line = new Line({ concurrency: 1, spending: { perOwner: 1, inAll: 10 } });
  line.arrive(candidate({ run: '1' }), candidate({ run: '2' }));
  assert.equal(line.decide().started.length, 1);
  assert.equal(line.decide([0]).started.length, 0);
  line.nowMs -= 24 * HOUR_MS;
  assert.equal(line.decide().started.length, 0);
  line.nowMs += 48 * HOUR_MS;
  assert.equal(line.decide().started.length, 1);
});

test('a further attempt keeps its slot, and counts as spent again', () => {
  const line = new Line();
  line.arrive(candidate({ run: '1' }));
  line.decide();
  const change = { kind: 'next-attempt', run: '1', attempt: 2 } as const;
  const { next, isChanged } = decide(line.state, [change], complete([]), BOUNDS, line.nowMs);
  assert.deepEqual([next.slots[0]?.attempt, next.spending.owners.a, isChanged], [2, 2, true]);
});

test('what was saved for a dear request that is withdrawn is not spent on cheap ones', () => {
  const line = new Line({ ...BOUNDS, concurrency: 1 });
  const many = (owner: string) =>
    Array.from({ length: 40 }, (_, index) => candidate({ run: `${owner}${index}`, owner }));
  line.arrive(candidate({ run: 'dear', owner: 'b', cost: 50 }), ...many('a'));
  for (let each = 0; each < 30; each++) line.decide([0]);
  assert.ok((line.state.deficits.b ?? 0) > 20);
  line.withdraw(line.waiting.findIndex(({ run }) => run === 'dear'));
  line.arrive(...many('b'));
  const started = Array.from({ length: 8 }, () => line.decide([0]).started[0]?.owner);
  assert.equal(started.filter((owner) => owner === 'b').length, 4);
});
