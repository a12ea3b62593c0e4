// How a job, its estimate and its cost read, and what is suggested next.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nextSteps } from '../../../../cli/requests/next-steps.ts';
import { parametersOf } from '../../../../cli/requests/parameters.ts';
import { dollars, estimateText, factsOf, stateOf } from '../../../../cli/requests/shown.ts';
import { forecastWhatIf } from '../../../../pipelines/forecast-what-if.ts';
import { JOB_ID, jobWith } from './api.ts';

test('an amount below a cent keeps two digits', () => {
  assert.deepEqual([0, 0.00265, 0.000012, 0.01, 0.318, 12].map(dollars), [
    '$0',
    '$0.0027',
    '$0.000012',
    '$0.01',
    '$0.32',
    '$12.00',
  ]);
});

test('an estimate without history is only a bound', () => {
  const { estimate } = jobWith();
  assert.equal(estimateText(estimate), '$0.0026 expected, $0.001 to $0.32, from 3 finished runs');
  assert.equal(estimateText({ ...estimate, expected: null }), 'at most $0.32; nothing like it has run yet');
});

test('the actual cost stands beside the estimate', () => {
  const costs = (cost: number, done = true) => factsOf(jobWith({ cost, done }), forecastWhatIf)['Cost'];
  assert.equal(costs(0.002), '$0.002, within the estimate');
  assert.equal(costs(0.0005), '$0.0005, below the estimate');
  assert.equal(costs(0.5), '$0.50, above the estimate');
  assert.equal(costs(0.002, false), '$0.002 so far');
  assert.equal(stateOf(jobWith()), 'queued, place 2 in line');
});

test('what to type next follows from the state', () => {
  const sluice = { line: (...words: readonly string[]) => words.join(' ') };
  const steps = (changes: Parameters<typeof jobWith>[0], file: string | null = null) =>
    nextSteps(sluice, jobWith(changes), file);
  assert.deepEqual(steps({}), [
    `To follow it: request --job ${JOB_ID} --wait`,
    `To cancel it: job ${JOB_ID} cancel --reason <why>`,
  ]);
  assert.equal(
    steps({ state: 'waiting-approval' })[0],
    `To approve it: job ${JOB_ID} approve --estimate 0123456789abcdef --reason <why>`,
  );
  assert.deepEqual(steps({ state: 'succeeded', done: true }), [
    `To fetch the result: job ${JOB_ID} result --out result.json`,
  ]);
  assert.deepEqual(steps({ state: 'succeeded', done: true }, '/tmp/x.json'), []);
  assert.deepEqual(steps({ state: 'failed', done: true }), []);
  assert.deepEqual(steps({ state: 'cancelling' }), [`To follow it: request --job ${JOB_ID} --wait`]);
});

test('parameters of the command line stand over those of the file', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'parameters-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'openings.json');
  writeFileSync(file, '{"horizon_days": 28, "sites": ["Nice"]}');
  assert.equal(parametersOf(undefined, []), undefined);
  assert.deepEqual(parametersOf(file, ['horizon_days=7', 'note=a=b', 'sites=["A","B"]']), {
    horizon_days: 7,
    sites: ['A', 'B'],
    note: 'a=b',
  });
  assert.throws(() => parametersOf(undefined, ['=7']), /--set =7: expected key=value/);
  assert.throws(() => parametersOf(join(folder, 'none.json'), []), /none\.json cannot be read/);
  writeFileSync(file, '[1]');
  assert.throws(() => parametersOf(file, []), /is no JSON object/);
  writeFileSync(file, '{');
  assert.throws(() => parametersOf(file, []), /openings\.json cannot be read: .*JSON/);
});
