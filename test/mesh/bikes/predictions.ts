// From counters in a bucket to predictions over HTTP: two models are published, registered, served and asked.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readRegister } from '../../../shared/publications/register.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { COUNTERS, DAYS, exportOf, FILE, record, timeAt } from './counters.ts';
import { keepReport, mesh } from './one-mesh.ts';
import { versionIn, WITHOUT_RIGHTS } from './start-bikes.ts';

const SERVICES = ['reg', 'class'] as const;
const FILES = ['gbt.ubj', 'rf.ubj', 'nn.json'];
const RUSH = record('counter 0', timeAt(DAYS + 1, 8));
const NIGHT = record('counter 0', timeAt(DAYS + 1, 3));

/** Over a mesh that has published nothing; then each test builds on the one before. */
describe('counters in a bucket', xgboostHere, () => {
  test('before a model is published, a service answers 503 and says when to try again', async () => {
    for (const service of SERVICES) {
      for (const route of ['POST /predict', 'GET /health', 'POST /refresh_model']) {
        const asking = route === 'POST /predict' ? { body: { records: [RUSH] } } : {};
        const { status, headers, body } = await mesh.ask(service, route, asking);
        assert.equal(status, 503, `${service} ${route}`);
        assert.equal(headers.get('retry-after'), '10');
        assert.equal(headers.get('content-type'), 'application/problem+json');
        assert.equal(body['code'], 'MODEL_NOT_LOADED');
      }
    }
  });

  test('lead to a run that publishes both models', async () => {
    await mesh.put(FILE, exportOf());
    const report = await mesh.tick();
    keepReport(report);
    const { outcome, reason, run } = report;
    assert.equal(outcome, 'published', `${reason}\n${mesh.logLines.slice(-10).join('\n')}`);
    for (const service of SERVICES) {
      const pointer = await mesh.pointer(service);
      assert.equal(pointer.run, run);
      assert.equal(pointer.pinned, false);
      assert.deepEqual(
        pointer.files.map(({ name }) => name).toSorted(),
        [`${service}.json`, ...FILES.map((file) => `${service}-${file}`)].toSorted(),
      );
      // It found none a moment ago, and looks by itself only after the time that it told.
      await mesh.ask(service, 'POST /refresh_model');
    }
  });

  test('are registered: one candidate of each model, with the metrics of the others beside it', async () => {
    for (const [service, metric] of [['reg', 'logRmse'] as const, ['class', 'f1'] as const]) {
      const candidates = await readRegister(mesh.exports, 'bikes', service, 10);
      assert.equal(candidates.length, 1);
      const { result, publication } = candidates[0]!;
      assert.equal(publication, (await mesh.pointer(service)).publication);
      assert.equal(result.champion, null);
      const all = [result, ...(result.others ?? [])];
      assert.equal(all.length, 3);
      for (const { recipe, metrics } of all) assert.ok(Number.isFinite(metrics[metric]), recipe);
    }
  });

  test('leave a report for analysts and the metrics of the run', async () => {
    const { run } = await mesh.pointer('reg');
    const folder = `bikes/${run}/attempt-1/`;
    const text = async (name: string) => (await mesh.results.readText(`${folder}${name}`, 1e7))?.text ?? '';
    assert.match(await text('report.html'), /^<!doctype html>/i);
    const metrics = JSON.parse(await text('metrics.json')) as { rows: number };
    assert.equal(metrics.rows, COUNTERS * DAYS * 24);
  });

  test('are answered from: a rush hour has more bicycles than a night, and is forte', async () => {
    const records = [RUSH, NIGHT];
    const reg = await mesh.ask('reg', 'POST /predict', { body: { records } });
    assert.equal(reg.status, 200, JSON.stringify(reg.body));
    const [rush = 0, night = 0] = reg.body['predictions'] as number[];
    assert.ok(rush > 3 * night && night >= 0, `${rush} ${night}`);
    assert.equal(versionIn(reg), (await mesh.pointer('reg')).publication);
    assert.equal(reg.body['warnings'], undefined);

    const of = await mesh.ask('class', 'POST /predict', { body: { records } });
    assert.deepEqual(of.body['predictions'], [1, 0]);
    assert.deepEqual(of.body['label'], ['forte', 'faible']);
    assert.equal(versionIn(of), (await mesh.pointer('class')).publication);
  });

  test('every kind of model answers, and says which it is', async () => {
    for (const service of SERVICES) {
      for (const type of ['gbt', 'rf', 'nn']) {
        const body = { records: [RUSH], model_type: type };
        const answer = await mesh.ask(service, 'POST /predict', { body });
        assert.equal((answer.body['model'] as { type: string }).type, type);
        assert.ok(Number.isFinite((answer.body['predictions'] as number[])[0]));
      }
    }
  });

  test('an unknown counter and a year beyond the data are answered, the counter with a warning', async () => {
    const records = [
      record('quai de nulle part', timeAt(DAYS + 1, 8), '48.861,2.35'),
      record('counter 2', '2031-06-15T08:00:00+02:00'),
    ];
    for (const service of SERVICES) {
      const { status, body } = await mesh.ask(service, 'POST /predict', { body: { records } });
      assert.equal(status, 200, JSON.stringify(body));
      for (const prediction of body['predictions'] as number[])
        assert.ok(Number.isFinite(prediction) && prediction >= 0);
      const warnings = body['warnings'] as { record: number; message: string }[];
      assert.match(warnings.find((warning) => warning.record === 0)?.message ?? '', /counter/);
      assert.match(warnings.find((warning) => warning.record === 1)?.message ?? '', /2021|2031|training/);
    }
  });

  test('a wrong record is refused with its index, its field, what was found and what is expected', async () => {
    const records = [RUSH, record('counter 1', 'tomorrow')];
    const { status, headers, body } = await mesh.ask('reg', 'POST /predict', { body: { records } });
    assert.equal(status, 422);
    assert.equal(headers.get('content-type'), 'application/problem+json');
    const [problem] = body['problems'] as Record<string, unknown>[];
    assert.partialDeepStrictEqual(problem, {
      record: 1,
      field: 'date_et_heure_de_comptage',
      found: '"tomorrow"',
    });
    assert.match(String(problem?.['expected']), /2021-08-10T08:00:00/);
  });

  test('the register, the health and a refresh name the model that answers', async () => {
    for (const service of SERVICES) {
      const { publication } = await mesh.pointer(service);
      const models = await mesh.ask(service, 'GET /models');
      assert.equal((models.body['champion'] as { version: string }).version, publication);
      assert.deepEqual(
        (models.body['register'] as { version: string }[]).map(({ version }) => version),
        [publication],
      );
      const health = await mesh.ask(service, 'GET /health');
      assert.partialDeepStrictEqual(health.body, { status: 'ok', pinned: false });
      const refreshed = await mesh.ask(service, 'POST /refresh_model');
      assert.partialDeepStrictEqual(refreshed.body, { changed: false, serving: { version: publication } });
    }
  });

  test('a person whom the stack does not name as a caller is turned away', async () => {
    for (const service of SERVICES) {
      for (const route of ['POST /predict', 'GET /models', 'GET /health', 'POST /refresh_model']) {
        const asking = route === 'POST /predict' ? { body: { records: [RUSH] } } : {};
        const { status } = await mesh.ask(service, route, { ...asking, as: WITHOUT_RIGHTS });
        assert.equal(status, 403, `${service} ${route}`);
      }
    }
  });
});
