// Models, published through the unmodified clients: candidates, champions, pins and rollbacks.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pinModels } from '../../functions/publish-output/pin.ts';
import { BoundError } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import type { ModelResult } from '../../shared/outputs/manifest.ts';
import { model } from '../../shared/pipelines/outputs.ts';
import { type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { readPointer } from '../../shared/publications/pointer.ts';
import { readRegister } from '../../shared/publications/register.ts';
import { observeExports } from '../../shared/reconciliation/exports.ts';
import { readEntries } from '../../shared/warehouse/ledger-entries.ts';
import { readNewest } from '../../shared/warehouse/ledger.ts';
import type { WatchedMesh } from './cloud.ts';
import { opened, openPublishing, ports, published, runOf, written } from './publishing.ts';

const BEST = model({ name: 'best', pattern: /^model\//, metric: 'wape', better: 'lower' });

let mesh: WatchedMesh;
before(async () => {
  mesh = await openPublishing();
});
after(() => mesh.close());

describe('a model', () => {
  let pipeline: Pipeline;
  before(async () => {
    pipeline = await opened('bikes', BEST);
  });
  const result = (wape: number, champion: ModelResult['champion']): ModelResult => ({
    name: 'best',
    recipe: 'xgboost',
    metrics: { wape },
    champion,
  });
  const expectedLatest = (sequence: number, wape: number): ModelResult['champion'] => ({
    publication: `bikes-${runOf(sequence)}`,
    recipe: 'mean',
    metrics: { wape },
  });
  const trained = async (sequence: number, models: readonly ModelResult[]) =>
    published(
      pipeline,
      await written(pipeline, sequence, { files: { 'model/m.ubj': `tree ${sequence}` }, models }),
    );
  const champion = async () => (await readPointer(ports.exports, 'bikes', 'best'))?.value;

  test('the first candidate is the champion; a better one takes its place, an equal or worse one does not', async () => {
    await trained(1, [result(0.2, null)]);
    assert.equal((await champion())?.run, runOf(1));
    const worse = await trained(2, [result(0.3, expectedLatest(1, 0.2))]);
    assert.match(
      JSON.stringify(worse),
      /is registered: its wape is 0\.3, and that of the champion .* is 0\.2/,
    );
    await trained(3, [result(0.2, expectedLatest(1, 0.2))]);
    assert.equal((await champion())?.run, runOf(1));
    assert.equal((await champion())?.ordinal, 3);
    await trained(4, [result(0.1, expectedLatest(1, 0.2))]);
    assert.equal((await champion())?.run, runOf(4));
  });

  test('one that was compared with another than the champion is registered, and not promoted', async () => {
    const answer = await trained(5, [result(0.01, expectedLatest(1, 0.2))]);
    assert.match(JSON.stringify(answer), /it was not compared with the champion of run 000004/);
    assert.equal((await champion())?.run, runOf(4));
  });

  test('a rollback makes the older model current and pins it: training promotes none any more', async () => {
    const manifest = await written(pipeline, 1, {
      files: { 'model/m.ubj': 'tree 1' },
      models: [result(0.2, null)],
    });
    await published(pipeline, manifest, { kind: 'rollback', allowOlder: true, replay: 'r1' });
    assert.partialDeepStrictEqual(await champion(), { run: runOf(1), pinned: true });
    const own = { publication: `bikes-${runOf(1)}-replay-r1`, recipe: 'mean', metrics: { wape: 0.2 } };
    const answer = await trained(6, [result(0.01, own)]);
    assert.match(JSON.stringify(answer), /the champion of run 000001-0123abcd is pinned/);
    assert.equal((await champion())?.run, runOf(1));
  });

  test('a pin is one entry of the ledger, however often it is asked for; without it training promotes again', async () => {
    const runs = gcsStore('runs', mesh.config);
    const log = { info: () => undefined } as never;
    const asked = async (nonce: string, pinned: boolean) =>
      pinModels(
        { pipeline, run: runOf(1), nonce, pinned, by: 'ada' },
        { ...ports, runs, now: () => Date.now(), log },
      );
    assert.equal((await asked('p1', false)).outcome, 'published');
    assert.equal((await champion())?.pinned, false);
    const before = (await readEntries(ports.warehouse, pipeline)).length;
    await asked('p2', true);
    await asked('p2', true);
    const entries = await readEntries(ports.warehouse, pipeline);
    assert.deepEqual([entries.length, entries.at(-1)?.kind], [before + 1, 'pin']);
    assert.partialDeepStrictEqual(await champion(), { run: runOf(1), pinned: true, ordinal: before + 1 });
    const stands = {
      publication: (await champion())?.publication ?? '',
      recipe: 'mean',
      metrics: { wape: 0.2 },
    };
    await trained(7, [result(0.1, stands)]);
    assert.equal((await champion())?.run, runOf(1));
    await asked('p3', false);
    await trained(8, [result(0.1, stands)]);
    assert.equal((await champion())?.run, runOf(8));
  });

  test("the champion's recipe, fitted to newer data, takes the place of the older fit; another recipe has to be better", async () => {
    const boats = await opened('boats', BEST);
    const fitted = async (sequence: number, recipe: string, before: ModelResult['champion']) =>
      published(
        boats,
        await written(boats, sequence, {
          files: { 'model/m': `b${sequence}` },
          models: [{ name: 'best', recipe, metrics: { wape: 0.5 }, champion: before }],
        }),
      );
    const trees = (sequence: number, wape = 0.5): ModelResult['champion'] => ({
      publication: `boats-${runOf(sequence)}`,
      recipe: 'trees',
      metrics: { wape },
    });
    const current = async () => (await readPointer(ports.exports, 'boats', 'best'))?.value.run;
    await fitted(1, 'trees', null);
    assert.match(JSON.stringify(await fitted(2, 'trees', trees(1))), /is the champion: it is the recipe of/);
    assert.equal(await current(), runOf(2));
    await fitted(3, 'network', trees(2));
    assert.equal(await current(), runOf(2));
    // One recipe that was measured twice with two results was not measured on the same rows.
    await fitted(4, 'trees', trees(2, 0.4));
    assert.equal(await current(), runOf(2));
  });

  test('every candidate is registered once, with what was measured of it', async () => {
    const listed = await readRegister(ports.exports, 'bikes', 'best', 100);
    const runs = listed.map(
      ({ run, publication }) => `${run} ${publication.includes('replay') ? 'again' : ''}`,
    );
    assert.deepEqual(
      runs.toSorted(),
      [1, 1, 2, 3, 4, 5, 6, 7, 8].map((n, i) => `${runOf(n)} ${i === 1 ? 'again' : ''}`).toSorted(),
    );
    await assert.rejects(ports.exports.list('bikes/', 3), BoundError);
  });

  test('of two candidates at once that are both better, one is the champion and the other is not compared with it', async () => {
    const newest = await readNewest(ports.warehouse, pipeline);
    assert.ok(newest);
    const other = await opened('trams', BEST);
    await published(
      other,
      await written(other, 1, { files: { 'model/m': 'a' }, models: [result(0.5, null)] }),
    );
    const first = { publication: `trams-${runOf(1)}`, recipe: 'mean', metrics: { wape: 0.5 } };
    const answers = await Promise.all(
      [7, 8].map(async (sequence) =>
        published(
          other,
          await written(other, sequence, {
            files: { 'model/m': `t${sequence}` },
            models: [result(0.4, first)],
          }),
        ),
      ),
    );
    const promoted = answers.filter((answer) => JSON.stringify(answer).includes('is the champion:'));
    assert.equal(promoted.length, 1);
    const entries = await readEntries(ports.warehouse, other);
    assert.deepEqual((await observeExports(other, entries, ports.exports, Date.now())).differences, []);
  });

  test('every delivery says alike why a candidate is or is not the champion, at once and after further publications', async () => {
    const ferries = await opened('ferries', BEST);
    const delivered = async (sequence: number, wape: number, before: number | undefined) => {
      const compared = {
        publication: `ferries-${runOf(before ?? 0)}`,
        recipe: 'mean',
        metrics: { wape: 0.2 },
      };
      const models = [result(wape, before === undefined ? null : compared)];
      const files = { 'model/m': `f${sequence}` };
      const manifest = await written(ferries, sequence, { files, models });
      return async () => {
        const answer = await published(ferries, manifest);
        return 'qualityNotes' in answer ? answer.qualityNotes : answer;
      };
    };
    const first = await delivered(1, 0.2, undefined);
    await first();
    const worse = await delivered(2, 0.3, 1);
    const expected = [
      'The candidate for best is registered: its wape is 0.3, and that of the champion of run ' +
        `${runOf(1)} is 0.2, on the same rows; expected lower.`,
    ];
    assert.deepEqual(await Promise.all([worse(), worse(), worse()]), [expected, expected, expected]);
    await (
      await delivered(3, 0.1, 1)
    )();
    assert.deepEqual(await worse(), expected);
    assert.deepEqual(await first(), ['The candidate for best is the champion: it is the first one.']);
    assert.equal((await readEntries(ports.warehouse, ferries)).length, 3);
  });

  test('a manifest that measures no model is unfit', async () => {
    assert.match(JSON.stringify(await trained(20, [])), /the manifest measures no model best/);
  });
});
