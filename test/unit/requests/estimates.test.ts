// Estimates: their order, their bounds, what they say without history, and their hash.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Measured } from '../../../shared/requests/estimate.ts';
import { estimateOf } from '../../../shared/requests/estimates.ts';
import { costOf } from '../../../shared/requests/prices.ts';

const job = { cpu: 2, memory: '4Gi', timeout: 30 * 60_000, attempts: 2 };
const measured = (units: number, seconds: number): Measured => ({
  ...{ units, seconds },
  endedAt: '2026-11-27T03:00:00.000Z',
});
const estimate = (units: number, history: readonly Measured[], parameters: Record<string, unknown> = {}) =>
  estimateOf({ pipeline: 'p', job, parameters, units, history });

test('an execution costs its vCPU and memory, for a minute at least', () => {
  assert.equal(costOf(job, 4), 0.00264);
  assert.equal(costOf(job, 600), 0.0264);
});

test('without history the expected cost is unknown, and all attempts at their longest are the bound', () => {
  const { low, expected, high, basis } = estimate(1, []);
  assert.deepEqual([low, expected, high], [0.00264, null, 0.1584]);
  assert.deepEqual([basis.runs, basis.from, basis.to], [0, null, null]);
});

test('time that grows with the size is expected to grow on, and a base time stays', () => {
  const history = [1, 2, 3, 4, 5, 6].map((units) => measured(units, 100 + 50 * units));
  assert.equal(estimate(10, history).expected, costOf(job, 600));
});

test('sizes that are all alike give a ratio', () => {
  const history = Array.from({ length: 6 }, () => measured(10, 120));
  assert.equal(estimate(20, history).expected, costOf(job, 240));
});

test('low, expected and high are in order and within the bound, whatever was measured', () => {
  const runs = fc.array(
    fc.record({
      units: fc.double({ min: 0, max: 1e6, noNaN: true }),
      seconds: fc.double({ min: 0, max: 1e5, noNaN: true }),
      endedAt: fc.constant('2026-11-27T03:00:00.000Z'),
    }),
    { maxLength: 50 },
  );
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), runs, (units, history) => {
      const { low, expected, high } = estimate(units, history);
      assert.ok(low > 0 && Number.isFinite(high));
      assert.ok(low <= (expected ?? low) && (expected ?? low) <= high, `${low} ${expected} ${high}`);
      assert.ok(high <= costOf(job, job.timeout / 1000) * job.attempts + 1e-9);
    }),
    { numRuns: 500 },
  );
});

test('the hash is of the parameters and the numbers, whatever the order of the fields', () => {
  const hash = (parameters: Record<string, unknown>, history: readonly Measured[] = []) =>
    estimate(1, history, parameters).hash;
  assert.equal(hash({ a: 1, b: { c: 2, d: 3 } }), hash({ b: { d: 3, c: 2 }, a: 1 }));
  assert.notEqual(hash({ a: 1 }), hash({ a: 2 }));
  assert.notEqual(hash({ a: 1 }), hash({ a: 1 }, [measured(1, 1000)]));
});
