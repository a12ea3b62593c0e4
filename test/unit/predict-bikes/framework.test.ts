// The service behind the real functions framework: bodies of every kind over HTTP, as they arrive.
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { http } from '@google-cloud/functions-framework';
import assert from 'node:assert/strict';
import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { register } from '../../../shared/http/register.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { COUNTERS, publishSample, sampleModel } from '../bikes/sample-model.ts';
import { until } from '../../waiting.ts';
import { ServicePlace } from './service-place.ts';

const BODY = JSON.stringify({
  records: [{ nom_du_compteur: COUNTERS[0]!.name, date_et_heure_de_comptage: '2021-05-04T18:00:00+02:00' }],
});
const JSON_TYPE = { 'content-type': 'application/json' };

describe('the service behind the framework', xgboostHere, () => {
  const place = new ServicePlace();
  let server: Server;
  let url: string;
  before(async () => {
    await publishSample(place.exports, sampleModel({ task: 'reg', rounds: 3 }), { task: 'reg', ordinal: 1 });
    register(http, 'predict-in-test', place.open('reg').service);
    server = getTestServer('predict-in-test');
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  const post = async (
    body: string | Buffer<ArrayBuffer> | undefined,
    headers: Record<string, string> = JSON_TYPE,
  ) => {
    const answer = await fetch(`${url}/predict`, {
      method: 'POST',
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const type = answer.headers.get('content-type') ?? '';
    return {
      status: answer.status,
      type,
      body: (await answer.json()) as { detail?: string; predictions?: number[] },
    };
  };

  test('begins to load its model once it listens, before any request', async () => {
    await until('the model', () => place.lines.some(({ msg }) => msg.includes('answers with')) || undefined);
  });

  test('answers a prediction, and its health', async () => {
    const { status, type, body } = await post(BODY);
    assert.deepEqual([status, type, body.predictions?.length], [200, 'application/json; charset=utf-8', 1]);
    assert.equal((await fetch(`${url}/health`)).status, 200);
    assert.equal((await fetch(`${url}/health`, { method: 'HEAD' })).status, 200);
  });

  test('answers problem details to JSON that is none, to no body and to other types', async () => {
    for (const [body, headers, expected, detail] of [
      ['{"records": [NaN]}', JSON_TYPE, 400, /not JSON/],
      ['', JSON_TYPE, 422, /no body/],
      [undefined, {}, 422, /no body/],
      [BODY, { 'content-type': 'text/plain' }, 415, /text\/plain/],
      [BODY, { 'content-type': 'application/x-www-form-urlencoded' }, 415, /urlencoded/],
      [BODY, { 'content-type': 'application/cloudevents+json' }, 200, /^$/],
      [gzipSync(BODY), { ...JSON_TYPE, 'content-encoding': 'gzip' }, 415, /encoded as "gzip"/],
      [BODY, { 'content-type': 'application/json; charset=latin1' }, 200, /^$/],
    ] as const) {
      const { status, type, body: shown } = await post(body, headers);
      assert.equal(status, expected, `${String(body).slice(0, 20)} ${JSON.stringify(headers)}`);
      if (status !== 200) assert.equal(type, 'application/problem+json');
      assert.match(shown.detail ?? '', detail);
    }
  });

  test('refuses a million records by their length, without reading them', async () => {
    const record = '{"nom_du_compteur":"x"},';
    const { status, body } = await post(`{"records":[${record.repeat(1_000_000)}{}]}`);
    assert.equal(status, 413);
    assert.match(body.detail ?? '', /too long; expected at most 2000000 bytes/);
  });

  test('refuses as well what says no length, once it is read', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(`${url}/predict`, { method: 'POST', headers: JSON_TYPE }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.once('error', reject);
      for (let part = 0; part < 30; part += 1) sent.write(' '.repeat(100_000));
      sent.end();
    });
    assert.equal(status, 413);
  });

  test('never inflates a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const before = process.memoryUsage().rss;
    assert.equal((await post(bomb, { ...JSON_TYPE, 'content-encoding': 'gzip' })).status, 415);
    assert.ok(process.memoryUsage().rss - before < 40_000_000);
  });
});
