// The whole training on a few generated counters: files, judging, champions, and the same bytes again.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { numbersOf } from '../../../jobs/train-bikes/training/fit.ts';
import { bestOf, type Judged } from '../../../jobs/train-bikes/training/judge.ts';
import { regressionMetrics } from '../../../jobs/train-bikes/training/metrics.ts';
import { trainModels } from '../../../jobs/train-bikes/training/train-models.ts';
import { train, type Trained } from '../../../jobs/train-bikes/training/train.ts';
import type { Champions } from '../../../jobs/train-bikes/trained.ts';
import { descriptor, KINDS, TASKS, type Kind } from '../../../models/bikes/bundle.ts';
import { loadModel } from '../../../models/bikes/model.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import { xgboostHere } from '../xgboost/installed.ts';
import { FIRST_HOUR, generatedCounts } from './counts.ts';

const library = process.env['XGBOOST_LIBRARY'];
const observations = generatedCounts(40);

describe('training', xgboostHere, () => {
  let trained: Trained;
  const progress: (readonly [number, number])[] = [];
  before(async () => {
    trained = await train(observations, undefined, (done, steps) => progress.push([done, steps]), {
      library,
    });
  });

  it('reports each fitted model', () => {
    assert.deepEqual(
      progress,
      Array.from({ length: 18 }, (_, index) => [index + 1, 18]),
    );
  });

  it('gives descriptors that can be published, with every file as they describe it', () => {
    for (const task of TASKS) {
      const { descriptor: described, files, recipe, others } = trained.tasks[task];
      const read = descriptor.parse(
        JSON.parse(JSON.stringify({ ...described, trainedAt: '2021-08-10T00:00:00Z' })),
      );
      assert.deepEqual(
        read.candidates.map(({ kind }) => kind),
        KINDS,
      );
      for (const { file, sizeBytes, sha256 } of read.candidates) {
        const bytes = files.get(file)!;
        assert.equal(bytes.length, sizeBytes);
        assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
      }
      assert.equal(read.candidates.find(({ kind }) => kind === read.best)?.recipe, recipe);
      assert.equal(others.length, KINDS.length - 1);
      assert.equal(read.learnt.upTo, FIRST_HOUR + 40 * 24);
    }
  });

  it('beats the naive methods where there is nothing but rhythm and noise', () => {
    const { metrics, descriptor: described } = trained.tasks.reg;
    for (const [name, naive] of Object.entries(described.naive))
      assert.ok(metrics['logRmse']! < naive['logRmse']!, name);
    assert.ok(trained.tasks.class.metrics['f1']! > 0.8);
  });

  it('stores examples that each kind answers again', () => {
    const xgboost = openXgboost(library);
    for (const task of TASKS)
      for (const { kind, features, expected } of trained.tasks[task].descriptor.examples) {
        const bytes = trained.tasks[task].files.get(`${task}-${kind}.${kind === 'nn' ? 'json' : 'ubj'}`)!;
        const row = Float32Array.from(features, (value) => value ?? Number.NaN);
        const [found] = numbersOf(xgboost, kind, bytes, row, 1);
        assert.ok(Math.abs(found! - expected) < 1e-5, `${task} ${kind}`);
      }
  });

  it('gives the same bytes again, with one thread as with two, and keeps the champion of equal recipes', async () => {
    const { recipe } = trained.tasks.reg;
    const again = await train(observations, { reg: recipe, class: 'gbt of 2019' }, () => undefined, {
      library,
      threads: 1,
    });
    for (const task of TASKS) assert.deepEqual(again.tasks[task].files, trained.tasks[task].files);
    assert.deepEqual(again.tasks.reg.champion, { recipe, metrics: trained.tasks.reg.metrics });
    assert.equal(again.tasks.class.champion, undefined);
    assert.deepEqual(
      again.notes.map(({ task }) => task),
      ['class'],
    );
    assert.match(again.notes[0]!.text, /does not know the recipe .* "gbt of 2019"/);
  });

  it('answers the story with files, evidence and notes', async () => {
    const publication = { publication: 'bikes-000000-aaaaaaaa', run: 'bikes-000000' };
    const { descriptor: known } = trained.tasks.reg;
    const unknown = {
      ...trained.tasks.class.descriptor,
      candidates: trained.tasks.class.descriptor.candidates.map((each) => ({
        ...each,
        recipe: 'gbt of 2019',
      })),
    };
    const champions: Champions = {
      reg: { ...publication, descriptor: { ...known, trainedAt: '2021-06-01T00:00:00Z' } },
      class: { ...publication, descriptor: { ...unknown, trainedAt: '2021-06-01T00:00:00Z' } },
    };
    const models = await trainModels({ library })(observations, champions, () => undefined);
    assert.deepEqual(
      models.map(({ task, files }) => [task, files.length]),
      [
        ['reg', 3],
        ['class', 3],
      ],
    );
    const [reg, classes] = models;
    assert.deepEqual(reg?.champion, { recipe: trained.tasks.reg.recipe, metrics: trained.tasks.reg.metrics });
    assert.deepEqual([reg.notes, classes?.champion, classes?.notes?.length], [[], undefined, 1]);
    assert.deepEqual(
      regressionMetrics(reg.evidence!.actual, reg.evidence!.predicted)['mae']!.toFixed(3),
      trained.tasks.reg.metrics['mae']!.toFixed(3),
    );
  });

  it('gives models that a service loads, with their examples', () => {
    for (const task of TASKS) {
      const { descriptor: described, files } = trained.tasks[task];
      const bytes = new TextEncoder().encode(
        JSON.stringify({ ...described, trainedAt: '2021-08-10T00:00:00Z' }),
      );
      const model = loadModel({ descriptor: bytes, bytes: files });
      for (const kind of KINDS) {
        const [answered] = model.answer(kind, [{ place: { name: 'counter 1' }, hour: FIRST_HOUR + 960 }]);
        assert.ok(Number.isFinite(answered?.prediction));
      }
    }
  });
});

it('chooses the best, and of equally good ones the champion', () => {
  const judged = (reg: number, f1: number): Judged =>
    ({ metrics: { reg: { logRmse: reg }, class: { f1 } } }) as unknown as Judged;
  const all: Record<Kind, Judged> = { gbt: judged(0.5, 0.8), rf: judged(0.4, 0.9), nn: judged(0.4, 0.7) };
  assert.equal(bestOf(all, 'reg', undefined), 'rf');
  assert.equal(bestOf(all, 'reg', 'nn'), 'nn');
  assert.equal(bestOf(all, 'reg', 'gbt'), 'rf');
  assert.equal(bestOf(all, 'class', 'nn'), 'rf');
  const close = { ...all, gbt: judged(0.4009, 0.8995) };
  assert.equal(bestOf(close, 'reg', undefined), 'gbt');
  assert.equal(bestOf(close, 'class', 'rf'), 'rf');
});
