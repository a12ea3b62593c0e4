// What the service makes of requests: those that it answers, and everything that is no request.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { MOST_BODY_BYTES, MOST_PROBLEMS, MOST_RECORDS } from '../../../functions/predict-bikes/limits.ts';
import type { Task } from '../../../models/bikes/bundle.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { COUNTERS, publishSample, sampleModel } from '../bikes/sample-model.ts';
import { ServicePlace, shownOf, type Client } from './service-place.ts';

const NAME = COUNTERS[3]!.name;
const RECORD = {
  nom_du_compteur: NAME,
  date_et_heure_de_comptage: '2021-05-04T18:00:00+02:00',
  coordonnées_géographiques: '48.8637,2.3501',
  mois_annee_comptage: 'mai 2021',
};

async function serving(task: Task): Promise<Client> {
  const place = new ServicePlace();
  await publishSample(place.exports, sampleModel({ task }), { task, ordinal: 1 });
  return place.open(task);
}

describe('requests', xgboostHere, () => {
  let reg: Client;
  let ofClass: Client;
  before(async () => {
    reg = await serving('reg');
    ofClass = await serving('class');
  });
  const ask = async (body: unknown, client = reg) => shownOf(await client.predict(body));
  const askOne = (changes: object) => ask({ records: [{ ...RECORD, ...changes }] });

  test('a count is answered as a number, with the version that it comes from', async () => {
    const { status, headers, body } = await ask({ records: [RECORD, RECORD] });
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
    const [first = 0, second] = body.predictions ?? [];
    assert.ok(first > 20 && first < 400, `${first}`);
    assert.equal(second, first);
    assert.deepEqual(body.model, {
      name: 'reg',
      type: 'gbt',
      version: 'bikes-000001-0123abcd',
      run: '000001-0123abcd',
      pinned: false,
      trained_at: '2021-08-10T00:00:00.000Z',
      metric: 'logRmse',
      score: 0.4,
    });
    assert.equal(body.warnings, undefined);
    assert.equal(body.label, undefined);
  });

  test('a class is answered as 0 or 1 with its label', async () => {
    const night = { ...RECORD, date_et_heure_de_comptage: '2021-05-04T03:00:00+02:00' };
    const { body } = await ask({ records: [RECORD, night] }, ofClass);
    assert.deepEqual(body.predictions, [1, 0]);
    assert.deepEqual(body.label, ['forte', 'faible']);
  });

  test('keys without accents, or with decomposed ones, are the same keys', async () => {
    const { coordonnées_géographiques: place, ...others } = RECORD;
    const unknown = { ...others, nom_du_compteur: 'new' };
    for (const key of ['coordonnees_geographiques', 'coordonnées_géographiques'.normalize('NFD')]) {
      const { body } = await ask({ records: [{ ...unknown, [key]: place }] });
      assert.match(body.warnings?.[0]?.message ?? '', /the nearest counter, "Totem 73/);
    }
  });

  test('every way of writing a time is the same hour, and one without an offset is said to be local', async () => {
    const expected = (await ask({ records: [RECORD] })).body.predictions;
    for (const time of ['2021-05-04 18:00:00+02:00', '2021-05-04T16:00:00Z', '2021-05-04T18:30:00+02:00'])
      assert.deepEqual((await askOne({ date_et_heure_de_comptage: time })).body.predictions, expected, time);
    const local = (await askOne({ date_et_heure_de_comptage: '2021-05-04T18:00:00' })).body;
    assert.deepEqual(local.predictions, expected);
    assert.match(local.warnings?.[0]?.message ?? '', /no offset: read as local time of Paris/);
  });

  test('an hour that Paris skips is refused, and one that is there twice is the first', async () => {
    const { status, body } = await askOne({ date_et_heure_de_comptage: '2021-03-28T02:30:00' });
    assert.equal(status, 422);
    assert.match(body.detail ?? '', /which Paris skips when the clocks go forward/);
    const twice = (await askOne({ date_et_heure_de_comptage: '2021-10-31T02:30:00' })).body;
    assert.equal(twice.warnings?.length, 2);
    assert.match(twice.warnings?.[1]?.message ?? '', /there twice/);
  });

  test('coordinates with a space, none, or null are taken; the month is not read', async () => {
    for (const changes of [
      { coordonnées_géographiques: ' 48.8637, 2.3501 ' },
      { coordonnées_géographiques: null },
      { coordonnées_géographiques: '' },
      { mois_annee_comptage: undefined },
      { more: { and: ['more'] } },
    ])
      assert.equal((await askOne(changes)).status, 200, JSON.stringify(changes));
  });

  test('the type of model and the metric are chosen by name', async () => {
    const chosen = async (wanted: object) => {
      const { status, body } = await ask({ records: [RECORD], ...wanted });
      return status === 200 ? `${body.model?.type} ${body.model?.metric} ${body.model?.score}` : body.detail;
    };
    assert.equal(await chosen({ model_type: 'best' }), 'gbt logRmse 0.4');
    assert.equal(await chosen({ model_type: 'rf' }), 'rf logRmse 0.41');
    assert.equal(await chosen({ metric: 'mae' }), 'rf mae 14');
    assert.equal(await chosen({ metric: 'log_rmse' }), 'gbt logRmse 0.4');
    // A tie goes to the winner of training.
    assert.equal(await chosen({ metric: 'R2' }), 'gbt r2 0.88');
    assert.equal(await chosen({ metric: null, model_type: null }), 'gbt logRmse 0.4');
    assert.equal(await chosen({ metric: 'wape' }), 'metric: found "wape"; expected one of logRmse, mae, r2.');
    assert.equal(await chosen({ model_type: 'nn' }), 'nn logRmse 0.5');
    assert.equal(
      await chosen({ model_type: 'svm' }),
      'model_type: found "svm"; expected one of best, gbt, rf, nn.',
    );
    assert.match((await chosen({ model_type: 7 })) ?? '', /model_type: found the number 7; expected a text/);
    const { body } = await ask({ records: [RECORD], metric: 'f1_score' }, ofClass);
    assert.equal(body.model?.metric, 'f1');
  });

  test('what is wrong with the body is named, whatever it is', async () => {
    const cases: readonly (readonly [body: string | Uint8Array, status: number, detail: RegExp])[] = [
      ['', 422, /There is no body; expected \{"records"/],
      ['[]', 422, /body: found a list of 0; expected \{"records"/],
      ['null', 422, /body: found null/],
      ['7', 422, /body: found the number 7/],
      ['{}', 422, /records: found nothing; expected a list of records/],
      ['{"records": []}', 422, /records: found no record; expected 1 to 10000 records/],
      ['{"records": {}}', 422, /records: found an object/],
      ['{"records": [NaN]}', 400, /not JSON/],
      ['{"records": [', 400, /not JSON/],
      [Uint8Array.of(0x22, 0xff, 0x22), 400, /not JSON/],
      [
        '{"records": [[], null, 3]}',
        422,
        /record 0: record: found a list of 0; expected an object. There are 3 problems/,
      ],
      [`${'['.repeat(100_000)}`, 400, /not JSON/],
    ];
    for (const [sent, status, detail] of cases) {
      const shown = shownOf(await reg.send('POST', '/predict', sent));
      assert.equal(shown.status, status, String(sent).slice(0, 50));
      assert.match(shown.body.detail ?? '', detail);
      assert.equal(shown.headers['content-type'], 'application/problem+json');
      assert.equal(shown.body.code, 'CALL_INVALID');
    }
  });

  test('all that is wrong with records is named by index, field, found and expected', async () => {
    const { status, body } = await ask({
      records: [
        RECORD,
        { ...RECORD, nom_du_compteur: '  ', date_et_heure_de_comptage: 'yesterday' },
        { ...RECORD, date_et_heure_de_comptage: 20210504, coordonnées_géographiques: '48.86;2.35' },
        { ...RECORD, coordonnées_géographiques: '148.86,2.35', mois_annee_comptage: [] },
        { nom_du_compteur: 'x'.repeat(201) },
      ],
    });
    assert.equal(status, 422);
    assert.deepEqual(
      body.problems?.map(({ record, field, found }) => `${record} ${field} ${found.slice(0, 20)}`),
      [
        '1 nom_du_compteur "  "',
        '1 date_et_heure_de_comptage "yesterday"',
        '2 date_et_heure_de_comptage the number 20210504',
        '2 coordonnées_géographiques "48.86;2.35"',
        '3 mois_annee_comptage a list of 0',
        '3 coordonnées_géographiques "148.86,2.35"',
        '4 nom_du_compteur "xxxxxxxxxxxxxxxxxxx',
        '4 date_et_heure_de_comptage nothing',
      ],
    );
    assert.ok(body.problems?.every(({ expected }) => expected !== ''));
  });

  test('of many problems the first are listed and all are counted', async () => {
    const { body } = await ask({ records: Array.from({ length: 1000 }, () => ({})) });
    assert.equal(body.problems?.length, MOST_PROBLEMS);
    assert.equal(body.problemCount, 2000);
  });

  test('a key `__proto__` or `constructor` does nothing', async () => {
    const text = `{"records": [{"__proto__": {"nom_du_compteur": "x"}, "constructor": 1, "date_et_heure_de_comptage": "2021-05-04T18:00:00Z"}], "__proto__": {"records": []}}`;
    const { status, body } = shownOf(await reg.send('POST', '/predict', text));
    assert.equal(status, 422);
    assert.equal(body.problems?.[0]?.field, 'nom_du_compteur');
    assert.equal(({} as { nom_du_compteur?: string }).nom_du_compteur, undefined);
  });

  test('too many records or bytes are refused before they are read', async () => {
    const records = (count: number) => ({ records: Array.from({ length: count }, () => RECORD) });
    const most = await ask(records(MOST_RECORDS));
    assert.equal(most.body.predictions?.length, MOST_RECORDS);
    const more = await ask(records(MOST_RECORDS + 1));
    assert.equal(more.status, 413);
    assert.equal(more.body.code, 'LIMIT_EXCEEDED');
    const long = shownOf(await reg.send('POST', '/predict', '', { tooLong: true }));
    assert.equal(long.status, 413);
    assert.match(long.body.detail ?? '', new RegExp(String(MOST_BODY_BYTES)));
  });

  test('another content type, or a compressed body, is refused', async () => {
    const statusOf = async (about: object) => (await reg.send('POST', '/predict', '{}', about)).status;
    for (const contentType of [
      'text/plain',
      'application/x-www-form-urlencoded',
      undefined,
      'application/jsonp',
    ])
      assert.equal(await statusOf({ contentType }), 415, contentType);
    for (const contentType of [
      'application/json; charset=utf-8',
      'application/vnd.api+json',
      'APPLICATION/JSON',
    ])
      assert.equal(await statusOf({ contentType }), 422, contentType);
    assert.equal(await statusOf({ encoding: 'gzip' }), 415);
  });

  test('other routes and methods are refused, with those that there are', async () => {
    const nowhere = await reg.get('/nowhere');
    assert.equal(nowhere.status, 404);
    assert.match(
      nowhere.body.detail ?? '',
      /POST \/predict, GET \/models, GET \/health, POST \/refresh_model/,
    );
    const get = await reg.get('/predict');
    assert.deepEqual([get.status, get.headers['allow']], [405, 'POST']);
    assert.equal((await reg.get('/refresh_model')).status, 405);
    assert.equal((await reg.get('/health/')).status, 200);
    assert.equal((await reg.get('/constructor')).status, 404);
    assert.equal((await reg.send('constructor', '/predict')).status, 405);
  });
});
