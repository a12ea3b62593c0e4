// What comes in from outside: the environment, messages, and the errors of Google's clients.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { cloudVariables, matching, readConfig, region, type Env } from '../../../shared/config.ts';
import { ConfigurationError, PermanentError, TransientError } from '../../../shared/errors.ts';
import { loadRequested, messageOfDelivery, runRequested } from '../../../shared/events/messages.ts';
import { failure, isNotFound, statusOf } from '../../../shared/google/failures.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { fromEnv, variableOf } from '../../../shared/pipelines/setting.ts';
import { sourceSettings, sourceVariables } from '../../../shared/pipelines/source-settings.ts';

test('the environment is read whole, and every problem is named at once', () => {
  const shape = { ...cloudVariables, JOB_REGION: region(), COUNT: z.coerce.number().int() };
  const known = { GOOGLE_CLOUD_PROJECT: 'my-project', JOB_REGION: 'europe-west9' };
  assert.deepEqual(readConfig({ ...known, COUNT: '3', OTHER: 'x' }, shape), { ...known, COUNT: 3 });
  assert.throws(
    () => readConfig({ JOB_REGION: '', GOOGLE_API_ENDPOINT: 'nowhere', COUNT: '1.5' }, shape),
    (error: unknown) => {
      assert.ok(error instanceof ConfigurationError);
      for (const message of [
        /GOOGLE_CLOUD_PROJECT: found nothing/,
        /JOB_REGION: found ""/,
        /GOOGLE_API_ENDPOINT: found "nowhere"/,
        /COUNT: found "1\.5"/,
      ]) {
        assert.match(error.message, message);
      }
      return true;
    },
  );
});

test('an unknown region is distinguished from the existing ones', () => {
  const env = { GOOGLE_CLOUD_PROJECT: 'my-project', JOB_REGION: 'europe-west7' };
  assert.throws(
    () => readConfig(env, { ...cloudVariables, JOB_REGION: region() }),
    /JOB_REGION: found "europe-west7"; expected .*europe-west6/,
  );
});

test('a secret that is wrong is named, and kept to itself', () => {
  const shape = { WEATHER_API_KEY: matching(/^[0-9]{4}$/, 'four digits'), NOTE: matching(/^x$/, 'x') };
  assert.throws(
    () => readConfig({ WEATHER_API_KEY: 'hunter2', NOTE: 'y'.repeat(5000) }, shape),
    (error: Error) => {
      assert.match(error.message, /WEATHER_API_KEY: found a value of 7 characters.*; expected four digits/);
      assert.doesNotMatch(error.message, /hunter2|y{101}/);
      return true;
    },
  );
});

test("a pipeline's setting is a variable with the pipeline's name before it, read with all others", () => {
  const sales = { ...carmila, name: 'sales-eu' };
  const FOLDER = fromEnv('DRIVE_FOLDER_ID');
  assert.equal(variableOf('sales-eu', FOLDER), 'SALES_EU_DRIVE_FOLDER_ID');
  const read = (env: Env) => sourceSettings(sales, readConfig(env, sourceVariables([sales])));
  const folder = { SALES_EU_DRIVE_FOLDER_ID: '0AbC_d-9' };
  assert.deepEqual(read(folder), { place: '0AbC_d-9', settleMs: 300_000 });
  assert.equal(read({ ...folder, SALES_EU_SETTLE_SECONDS: '2' }).settleMs, 2000);
  for (const wrong of ['', '-1', '1.5', '1e3', 'five', '9999999999']) {
    const both = { SALES_EU_DRIVE_FOLDER_ID: "x' or '", SALES_EU_SETTLE_SECONDS: wrong };
    assert.throws(() => read(both), /SALES_EU_DRIVE_FOLDER_ID: found[^]*SALES_EU_SETTLE_SECONDS: found/);
  }
});

const delivery = (text: string) => ({
  message: { data: Buffer.from(text).toString('base64'), messageId: '1' },
});
const RUN = '000001-0123abcd';

test('a message of the mesh is read from its delivery', () => {
  const text = JSON.stringify({ pipeline: 'carmila', run: RUN });
  assert.deepEqual(messageOfDelivery(delivery(text), runRequested), { pipeline: 'carmila', run: RUN });
  const replay = { pipeline: 'carmila', run: RUN, replay: 'by-hand-1', allowOlder: true };
  assert.deepEqual(messageOfDelivery(delivery(JSON.stringify(replay)), loadRequested), replay);
  const applied = { pipeline: 'carmila', run: RUN, apply: '0123456789abcdef', by: 'ann', reason: 'due' };
  assert.deepEqual(messageOfDelivery(delivery(JSON.stringify(applied)), loadRequested), applied);
});

const POISON: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['no message', {}],
  ['no data', { message: { messageId: '1' } }],
  ['text that is no JSON', delivery('run it please')],
  ['an empty message', delivery('')],
  ['a list', delivery('[]')],
  ['another form', delivery('{"run": 7}')],
  ['a run that climbs out', delivery('{"pipeline": "carmila", "run": "../000001-0123abcd"}')],
  ['a pipeline that climbs out', delivery(`{"pipeline": "../x", "run": "${RUN}"}`)],
  ['a word too many', delivery(`{"pipeline": "carmila", "run": "${RUN}", "dryRun": true}`)],
  ['attempt 0', delivery(`{"pipeline": "carmila", "run": "${RUN}", "attempt": 0}`)],
  [
    'a plan that climbs out',
    delivery(`{"pipeline": "carmila", "run": "${RUN}", "apply": "../../etc/passwd"}`),
  ],
  [
    'a plan that is made and applied at once',
    delivery(`{"pipeline": "carmila", "run": "${RUN}", "plan": true, "apply": "0123456789abcdef"}`),
  ],
  ['a claim without end', delivery(`{"pipeline": "carmila", "run": "${RUN}", "by": "${'x'.repeat(501)}"}`)],
  ['a replay that climbs out', delivery(`{"pipeline": "carmila", "run": "${RUN}", "replay": "a/../b"}`)],
];

for (const [what, data] of POISON) {
  test(`poison is permanent, and quotes at most 200 characters of itself: ${what}`, () => {
    assert.throws(() => messageOfDelivery(data, loadRequested), PermanentError);
  });
}

test('a huge poison message does not fill the log', () => {
  assert.throws(
    () => messageOfDelivery(delivery('x'.repeat(100_000)), runRequested),
    (error: unknown) => error instanceof PermanentError && error.message.length < 300,
  );
});

const PASSES = [401, 403, 408, 409, 412, 429, 500, 502, 503, 504];
const STAYS = [400, 404, 405, 410, 413, 416, 501].filter((status) => status < 500);

test('a status says whether another try can help', () => {
  for (const status of PASSES)
    assert.ok(failure('doing', { code: status }) instanceof TransientError, `${status}`);
  for (const status of STAYS)
    assert.ok(failure('doing', { code: status }) instanceof PermanentError, `${status}`);
});

test('the canonical codes of gRPC are read too, and no answer at all is transient', () => {
  for (const code of [3, 5, 9, 11, 12])
    assert.ok(failure('doing', { code }) instanceof PermanentError, `${code}`);
  for (const code of [1, 2, 4, 6, 7, 8, 10, 13, 14, 16]) {
    assert.ok(failure('doing', { code }) instanceof TransientError, `${code}`);
  }
  for (const lost of [new Error('socket hang up'), { code: 'ECONNRESET' }, undefined, null, 'x']) {
    assert.ok(failure('doing', lost) instanceof TransientError);
  }
});

test('the answer of Pub/Sub without its key is transient: that right may be granted too', () => {
  const unready = (message: string) => failure('doing', Object.assign(new Error(message), { code: 9 }));
  const role = 'was granted the Cloud KMS CryptoKey Encrypter/Decrypter role';
  assert.ok(unready(`Please verify that the service account s ${role}.`) instanceof TransientError);
  assert.ok(unready('The subscription is no push subscription.') instanceof PermanentError);
});

test('a status is found wherever the clients put it, and an error keeps its cause', () => {
  assert.equal(statusOf({ code: '404' }), 404);
  assert.equal(statusOf({ code: 'ERR', status: 412 }), 412);
  assert.equal(statusOf({ response: { status: 503 } }), 503);
  assert.equal(statusOf({ code: 5 }), undefined);
  assert.ok(isNotFound({ code: 404 }) && isNotFound({ code: 5 }) && !isNotFound(null));
  const cause = new Error('No such object');
  const wrapped = failure('reading gs://b/x', cause);
  assert.equal(wrapped.message, 'reading gs://b/x: No such object');
  assert.equal(wrapped.cause, cause);
});

test('the error of a refused download quotes the service’s message, and not the JSON around it', () => {
  const body = JSON.stringify({ error: { code: 403, message: 'ada may not read it', errors: [] } });
  assert.equal(failure('reading gs://b/x', new Error(body)).message, 'reading gs://b/x: ada may not read it');
  for (const other of ['{"error":"odd"}', '{', 'null'])
    assert.equal(failure('reading gs://b/x', new Error(other)).message, `reading gs://b/x: ${other}`);
});
