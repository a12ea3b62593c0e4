// Which run a rollback goes back to, by the entries of the ledger.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PublishedOutput } from '../../../shared/outputs/published.ts';
import { runBefore } from '../../../shared/warehouse/run-before.ts';

const table: PublishedOutput = {
  ...{ table: 'd.t', object: 'o', generation: '1', crc32c: '', rows: 1, job: null },
};
const model = (output: string, run: string, pinned = false): PublishedOutput => ({
  ...{ kind: 'model', output, publication: `p-${run}`, run, files: [], pinned },
});
const ofTable = (run: string) => ({ run, outputs: [table] });
/** An entry of that run, after which these runs' models are current. */
const ofModels = (run: string, reg: string, other: string, pinned = false) => ({
  ...{ run, outputs: [model('reg', reg, pinned), model('class', other, pinned)] },
});

describe('a rollback', () => {
  test('has nowhere to go before anything is published, or when one run is all there is', () => {
    assert.equal(runBefore([]), undefined);
    assert.equal(runBefore([ofTable('1')]), undefined);
    assert.equal(runBefore([ofModels('1', '1', '1'), ofModels('1', '1', '1', true)]), undefined);
  });

  test('of tables goes to the run before, and after a replay or a rollback to the one before that', () => {
    assert.equal(runBefore(['1', '2'].map(ofTable)), '1');
    assert.equal(runBefore(['1', '2', '2'].map(ofTable)), '1');
    assert.equal(runBefore(['1', '2', '1'].map(ofTable)), '2');
  });

  test('of models goes to the champion before, past runs whose candidates were only registered', () => {
    const promoted = [ofModels('1', '1', '1'), ofModels('2', '2', '2')];
    assert.equal(runBefore(promoted), '1');
    assert.equal(runBefore([...promoted, ofModels('3', '2', '2')]), '1');
    assert.equal(runBefore([...promoted, ofModels('2', '2', '2', true), ofModels('3', '2', '2', true)]), '1');
    assert.equal(runBefore([...promoted, ofModels('3', '2', '2'), ofModels('4', '4', '4')]), '2');
  });

  test('goes to the run before when only one of the models is another', () => {
    assert.equal(runBefore([ofModels('1', '1', '1'), ofModels('2', '2', '1')]), '1');
  });

  test('has nowhere to go when every later candidate was only registered', () => {
    assert.equal(
      runBefore([ofModels('1', '1', '1'), ofModels('2', '1', '1'), ofModels('3', '1', '1')]),
      undefined,
    );
  });
});
