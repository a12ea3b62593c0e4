// The start of the service: the best kind answers first, and the others once they are loaded.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PassThrough } from 'node:stream';
import type { Kind } from '../../../models/bikes/bundle.ts';
import { until } from '../../waiting.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { COUNTERS, publishSample, sampleModel } from '../bikes/sample-model.ts';
import { ServicePlace, shownOf, standIn } from './service-place.ts';

const TASK = { task: 'reg' } as const;
const asked = (type: Kind | 'best') => ({
  records: [{ nom_du_compteur: COUNTERS[0]!.name, date_et_heure_de_comptage: '2021-05-04T18:00:00+02:00' }],
  model_type: type,
});

describe('a service that starts', xgboostHere, () => {
  const files = () => sampleModel({ ...TASK, rounds: 4, depth: 3 });

  test('answers with the best kind while the others are read, for which their requests wait', async () => {
    const place = new ServicePlace();
    await publishSample(place.exports, files(), { ...TASK, ordinal: 1 });
    const release = Promise.withResolvers<void>();
    const read = (name: string, generation?: string) => {
      const content = place.exports.read(name, generation);
      if (!/-(rf|nn)\./.test(name)) return content;
      const held = new PassThrough();
      void release.promise.then(() => content.pipe(held));
      return held;
    };
    const client = place.open('reg', standIn(place.exports, { read }));
    const best = shownOf(await client.predict(asked('best')));
    assert.deepEqual([best.status, best.body.model?.type], [200, 'gbt']);
    assert.deepEqual((await client.get('/health')).body.champion?.loaded, ['gbt']);
    const forest = client.predict(asked('rf'));
    const isWaiting = await Promise.race([
      forest.then(() => false),
      new Promise(setImmediate).then(() => true),
    ]);
    assert.equal(isWaiting, true);
    release.resolve();
    const answer = shownOf(await forest);
    assert.deepEqual([answer.status, answer.body.model?.type], [200, 'rf']);
    const health = await client.get('/health');
    assert.deepEqual([health.body.status, health.body.champion?.loaded], ['ok', ['gbt', 'rf', 'nn']]);
  });

  test('and cannot load another kind keeps the best one, refuses the other, and reports it', async () => {
    const place = new ServicePlace();
    const whole = files();
    const cut = whole.bytes.get('reg-rf.ubj')!.subarray(0, 700);
    const broken = { ...whole, bytes: new Map(whole.bytes).set('reg-rf.ubj', cut) };
    await publishSample(place.exports, broken, { ...TASK, ordinal: 1 });
    const client = place.open('reg');
    assert.equal((await client.predict(asked('best'))).status, 200);
    const { status, headers, body } = shownOf(await client.predict(asked('rf')));
    assert.deepEqual([status, headers['retry-after'], body.code], [503, '10', 'MODEL_NOT_LOADED']);
    assert.match(body.detail ?? '', /not all types of the model reg .* reg-rf.ubj has 700 bytes/);
    assert.equal((await client.get('/health')).body.status, 'degraded');
    const errors = place.lines.filter(({ level }) => level >= 50);
    assert.equal(errors.length, 1);
    assert.match(
      errors[0]!.msg,
      /the service answers with bikes-000001-0123abcd, of which gbt alone is loaded/,
    );
    assert.equal((await client.predict(asked('best'))).status, 200);
    await publishSample(place.exports, files(), { ...TASK, ordinal: 2 });
    place.nowMs += 10_000;
    await client.predict(asked('best'));
    await until(
      'the whole model',
      async () => (await client.get('/health')).body.champion?.loaded.length === 3 || undefined,
    );
    assert.equal((await client.predict(asked('rf'))).status, 200);
  });
});
