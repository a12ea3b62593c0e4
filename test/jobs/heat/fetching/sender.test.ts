// Redirects, keys and ranges: what is sent where, and which answers are believed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Call, Http } from '../../../../jobs/heat/fetching/http/http.ts';
import { sendOnce } from '../../../../jobs/heat/fetching/http/sender.ts';
import { DOCUMENTED_PLACES } from '../../../../jobs/heat/fetching/places.ts';
import { RangeSource } from '../../../../jobs/heat/fetching/stac/range-source.ts';
import { TransientError } from '../../../../shared/errors.ts';
import { refusal } from '../formats/files.ts';

interface Given {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

const answerOf = ({ status, headers = {}, body = Buffer.alloc(0) }: Given): Answer => ({
  status,
  header: (name) => headers[name],
  body,
  sizeBytes: body.length,
});

function sendingOf(answers: (call: Call, at: number) => Given) {
  const calls: Call[] = [];
  const http: Http = async (call) => {
    calls.push(call);
    return { kind: 'answered', answer: answerOf(answers(call, calls.length - 1)) };
  };
  const sending = { http, places: DOCUMENTED_PLACES, wait: async () => undefined, info: () => undefined };
  return { sending, calls };
}

const CDS = `${DOCUMENTED_PLACES.cds}/retrieve/v1/jobs/1`;
const STORE = 'https://object-store.os-api.cci2.ecmwf.int/cache/1.grib';
const request = {
  file: 'era5',
  method: 'GET' as const,
  url: CDS,
  headers: { 'private-token': 'key-of-the-test' },
  mostBytes: 1_000,
  timeoutMs: 1_000,
};
const to = (location: string) => ({ status: 302, headers: { location } });

test('a redirect to a host of files is followed, without the key', async () => {
  const { sending, calls } = sendingOf((_call, at) => (at === 0 ? to(STORE) : { status: 200 }));
  const outcome = await sendOnce(sending, request);
  assert.ok(outcome.kind === 'answered' && outcome.answer.status === 200);
  assert.deepEqual(
    calls.map(({ url, headers }) => [url.host, headers?.['private-token']]),
    [
      ['cds.climate.copernicus.eu', 'key-of-the-test'],
      ['object-store.os-api.cci2.ecmwf.int', undefined],
    ],
  );
  assert.match(calls[0]!.headers!['user-agent']!, /^sluice-heat/);
});

test('a redirect elsewhere, to http, in a circle, or of a POST is refused, and nothing is sent there', async () => {
  const refused = async (location: string, words: RegExp, method: 'GET' | 'POST' = 'GET') => {
    const { sending, calls } = sendingOf(() => to(location));
    await assert.rejects(sendOnce(sending, { ...request, method }), refusal(words));
    assert.ok(calls.every(({ url }) => url.host === 'cds.climate.copernicus.eu'));
  };
  await refused('https://evil.example/x', /found the address https:\/\/evil.example/);
  await refused('http://object-store.os-api.cci2.ecmwf.int/x', /found the address http:/);
  await refused('//metadata.google.internal/x', /found the address https:\/\/metadata.google.internal/);
  await refused('https://object-store.os-api.cci2.ecmwf.int:8443/x', /:8443/);
  await refused(CDS, /found a redirect \(302\)/);
  await refused(CDS, /found a redirect \(302\); expected an answer to POST/, 'POST');
});

const FILE = Buffer.from(Array.from({ length: 200_000 }, (_, at) => at % 251));

const part = (call: Call, headers: Readonly<Record<string, string>> = {}): Given => {
  const [, from = 0, to_ = 0] = /bytes=(\d+)-(\d+)/.exec(call.headers!['range']!)!.map(Number);
  const end = Math.min(to_, FILE.length - 1);
  const range = `bytes ${from}-${end}/${FILE.length}`;
  return {
    status: 206,
    headers: { 'content-range': range, etag: '"1"', ...headers },
    body: FILE.subarray(from, end + 1),
  };
};

const open = (answers: (call: Call, at: number) => Given) => {
  const { sending, calls } = sendingOf(answers);
  return { calls, source: RangeSource.open(sending, 'B04', new URL('https://x.example/B04.tif')) };
};
const IMAGE = new URL('https://sentinel-cogs.s3.us-west-2.amazonaws.com/B04.tif');

test('only the blocks that are read are fetched, each once', async () => {
  const { sending, calls } = sendingOf((call) => part(call));
  const source = await RangeSource.open(sending, 'B04', IMAGE);
  assert.equal(source.sizeBytes, FILE.length);
  assert.deepEqual(await source.read(10, 20), FILE.subarray(10, 30));
  assert.deepEqual(await source.read(150_000, 10), FILE.subarray(150_000, 150_010));
  assert.deepEqual(await source.read(131_072, 100), FILE.subarray(131_072, 131_172));
  assert.deepEqual(await source.read(60_000, 80_000), FILE.subarray(60_000, 140_000));
  assert.deepEqual(
    calls.map(({ headers }) => headers!['range']),
    ['bytes=0-65535', 'bytes=131072-196607', 'bytes=65536-131071'],
  );
  await assert.rejects(source.read(199_999, 2), refusal(/B04: found the end of the file at byte 200000/));
});

test('a host that is not allowed is not asked, and a server without ranges is refused', async () => {
  await assert.rejects(open((call) => part(call)).source, refusal(/found the address https:\/\/x.example/));
  const { sending } = sendingOf(() => ({ status: 200, body: Buffer.alloc(10) }));
  await assert.rejects(RangeSource.open(sending, 'B04', IMAGE), refusal(/found an answer without ranges/));
});

test('a file that changes while it is read is read anew by the next attempt; a wrong range is never taken', async () => {
  const changing = sendingOf((call, at) => part(call, { etag: `"${at}"` }));
  const source = await RangeSource.open(changing.sending, 'B04', IMAGE);
  await assert.rejects(source.read(150_000, 10), (error: Error) => {
    assert.ok(error instanceof TransientError);
    assert.match(error.message, /B04 changed while it was read/);
    return true;
  });
  for (const range of ['bytes 1-65536/200000', 'bytes 0-10/200000', 'bytes 0-65535/*']) {
    const { sending, calls } = sendingOf((call) => part(call, { 'content-range': range }));
    await assert.rejects(RangeSource.open(sending, 'B04', IMAGE), /B04: asked for/);
    assert.equal(calls.length, 6);
  }
});
