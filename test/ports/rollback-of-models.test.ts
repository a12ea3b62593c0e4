// The rollback of one model, through the unmodified clients: an entry of its own, one pointer, and a pin.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { rollBackModel } from '../../functions/publish-output/roll-back-model.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import type { ModelResult } from '../../shared/outputs/manifest.ts';
import { model } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { readPointer } from '../../shared/publications/pointer.ts';
import { readCandidate } from '../../shared/publications/register.ts';
import { tidyExports } from '../../shared/publications/reveal.ts';
import { observeExports } from '../../shared/reconciliation/exports.ts';
import { missingEntries } from '../../shared/reconciliation/reconcile.ts';
import { readAccepted } from '../../shared/runs/accepted.ts';
import { readEntries } from '../../shared/warehouse/ledger-entries.ts';
import type { WatchedMesh } from './cloud.ts';
import { opened, openPublishing, ports, published, runOf, written } from './publishing.ts';

const MODELS = ['reg', 'class'] as const;
type Name = (typeof MODELS)[number];

let mesh: WatchedMesh;
let pipeline: Pipeline;
const log = { info: () => undefined } as never;
before(async () => {
  mesh = await openPublishing();
  pipeline = await opened(
    'bikes',
    model({ name: 'reg', pattern: /^reg/, metric: 'error', better: 'lower' }),
    model({ name: 'class', pattern: /^class/, metric: 'error', better: 'lower' }),
  );
  // Run 2 brings a better reg and a worse class, run 3 a better one of both.
  await trained(1, { reg: 0.5, class: 0.5 });
  await trained(2, { reg: 0.4, class: 0.6 });
  await trained(3, { reg: 0.3, class: 0.4 });
});
after(() => mesh.close());

const champion = async (name: Name) => {
  const found = (await readPointer(ports.exports, 'bikes', name))?.value;
  assert.ok(found);
  return found;
};

async function trained(sequence: number, errors: Readonly<Record<Name, number>>): Promise<void> {
  const results = MODELS.map(async (name): Promise<ModelResult> => {
    const stands = (await readPointer(ports.exports, 'bikes', name))?.value;
    const compared = stands && { publication: stands.publication, recipe: 'mean', metrics: { error: 0.45 } };
    return {
      name,
      recipe: `trees ${sequence}`,
      metrics: { error: errors[name] },
      champion: compared ?? null,
    };
  });
  const files = { 'reg.json': `reg ${sequence}`, 'class.json': `class ${sequence}` };
  await published(pipeline, await written(pipeline, sequence, { files, models: await Promise.all(results) }));
}

const entries = () => readEntries(ports.warehouse, pipeline);
const id = (sequence: number) => `bikes-${runOf(sequence)}`;

/** Of `reg` from the version of run 3 to that of run 1, unless it says otherwise. */
const rolledBack = (nonce: string, given: { model?: string; to?: string; replaces?: string } = {}) =>
  rollBackModel(
    {
      ...{ pipeline, run: runOf(3), nonce, by: 'ada', reason: 'it counts a closed bridge' },
      ...{ model: 'reg', to: id(1), replaces: id(3), ...given },
    },
    { ...ports, runs: gcsStore('runs', mesh.config), now: () => Date.now(), log },
  );

describe('the rollback of a model', () => {
  const refusals = {
    'a version that was only registered': {
      given: { model: 'class', to: id(2) },
      code: 'MODEL_NEVER_CURRENT',
    },
    'a version that does not exist': { given: { to: id(7) }, code: 'MODEL_NEVER_CURRENT' },
    'the version that is current': { given: { to: id(3) }, code: 'MODEL_IS_CURRENT' },
    'a version over another than the current one': { given: { replaces: id(2) }, code: 'CHAMPION_CHANGED' },
    'a model that the pipeline has not': { given: { model: 'speed' }, code: 'MODEL_MISSING' },
  };
  for (const [index, [what, { given, code }]] of Object.entries(refusals).entries())
    test(`to ${what} is refused, and nothing changes`, async () => {
      const pointers = await Promise.all(MODELS.map(champion));
      const count = (await entries()).length;
      const outcome = await rolledBack(`refused-${index}`, given);
      assert.deepEqual([outcome.outcome, outcome.code], ['failed', code], outcome.reason);
      assert.deepEqual(await Promise.all(MODELS.map(champion)), pointers);
      assert.equal((await entries()).length, count);
    });

  test('names the versions that were current, and no other', async () => {
    const { reason } = await rolledBack('named', { model: 'class', to: id(2) });
    assert.match(reason, new RegExp(`class of ${id(2)} was never current, .*expected one of ${id(1)}$`));
  });

  test('makes the older version current and pins it; the other model stays as it is; twice is once', async () => {
    const other = await champion('class');
    const count = (await entries()).length;
    const [first, second] = await Promise.all([rolledBack('back'), rolledBack('back')]);
    assert.deepEqual([first, second, await rolledBack('back')], [first, first, first]);
    assert.equal(first.outcome, 'published', first.reason);
    assert.doesNotMatch(first.reason, /table|rows/);
    const now = await champion('reg');
    assert.partialDeepStrictEqual(now, { run: runOf(1), pinned: true, ordinal: count + 1 });
    const { object, generation } = now.files[0]!;
    assert.equal((await ports.exports.readText(object, 100))?.text, 'reg 1');
    assert.equal((await ports.exports.info(object))?.generation, generation);
    assert.deepEqual(await champion('class'), { ...other, ordinal: count + 1, token: String(count + 1) });
    const all = await entries();
    assert.equal(all.length, count + 1);
    assert.partialDeepStrictEqual(all.at(-1), { kind: 'rollback', ordinal: count + 1 });
  });

  test('leaves a ledger that the buckets explain, and a register that knows what is current', async () => {
    const all = await entries();
    const { accepted } = await readAccepted(gcsStore('runs', mesh.config), 'bikes');
    assert.equal(accepted.length, 1);
    assert.deepEqual(missingEntries(pipeline, accepted, all), []);
    assert.deepEqual((await observeExports(pipeline, all, ports.exports, Date.now())).differences, []);
    const registered = await readCandidate(ports.exports, 'bikes', 'reg', await champion('reg'));
    assert.partialDeepStrictEqual(registered, { run: runOf(1), result: { recipe: 'trees 1' } });
  });

  test('keeps its files when those of the superseded version begin their retention', async () => {
    await tidyExports(pipeline, { ...ports, now: () => Date.now(), log });
    const timeOf = async (object: string) => (await ports.exports.info(object))?.customTimeMs;
    const now = await champion('reg');
    assert.equal(await timeOf(now.files[0]!.object), undefined);
    assert.equal(typeof (await timeOf(`bikes/reg/${id(1)}/attempt-1/reg.json`)), 'number');
  });

  test('a training registers its candidates, promotes neither of the pinned model, and may promote the other', async () => {
    const before = await champion('reg');
    await trained(4, { reg: 0.01, class: 0.01 });
    assert.equal((await champion('reg')).publication, before.publication);
    assert.equal((await champion('class')).run, runOf(4));
  });

  test('goes forward again to a version that is named, from a copy', async () => {
    const { publication } = await champion('reg');
    const outcome = await rolledBack('forward', { to: id(3), replaces: publication });
    assert.equal(outcome.outcome, 'published', outcome.reason);
    assert.partialDeepStrictEqual(await champion('reg'), { run: runOf(3), pinned: true });
    assert.equal((await champion('class')).run, runOf(4));
  });

  test('to a version whose files are gone is refused, and nothing changes', async () => {
    const object = `bikes/reg/${id(2)}/attempt-1/reg.json`;
    const stored = await ports.exports.info(object);
    await ports.exports.remove(object, stored?.generation ?? '');
    const { publication } = await champion('reg');
    const outcome = await rolledBack('gone', { to: id(2), replaces: publication });
    assert.deepEqual([outcome.outcome, outcome.code], ['failed', 'OUTPUT_MISSING']);
    assert.match(outcome.reason, /kept 90 days after another one took its place/);
    assert.equal((await champion('reg')).publication, publication);
  });
});
