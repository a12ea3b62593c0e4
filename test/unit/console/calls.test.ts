// What a page costs: one read for a poll that finds nothing new, a few calls for a page of runs, and when a page is new.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carmila } from '../../../pipelines/carmila.ts';
import { leaseObject, stateObject } from '../../../shared/runs/names.ts';
import { ConsolePlace } from './console-place.ts';

const etagOf = ({ headers }: { headers: Readonly<Record<string, string>> }): string => headers['etag'] ?? '';
const lease = JSON.stringify({
  token: 't',
  holder: { run: '000003-3fa9c1d2', attempt: 1, since: '2026-11-27T12:00:00Z' },
  queued: null,
});

test('an unchanged poll of an idle mesh is a 304 with one read', async () => {
  const place = await ConsolePlace.open([carmila]);
  await place.publish('carmila', 3);
  for (const path of ['/', '/p/carmila']) {
    const first = await place.get(path);
    assert.equal(first.status, 200);
    place.nowMs += 60_000;
    const second = await place.get(path, { 'if-none-match': etagOf(first) });
    assert.equal(second.status, 304, path);
    assert.deepEqual(place.calls, [`info runs/${stateObject('carmila')}`], path);
    assert.equal(second.bytes.length, 0);
  }
});

test('while a run executes, a poll reads its lease as well, and the end of the lease is new', async () => {
  const place = await ConsolePlace.open([carmila]);
  await place.publish('carmila', 3);
  await place.runs.create(leaseObject('carmila'), lease, 'application/json');
  const first = await place.get('/');
  const second = await place.get('/', { 'if-none-match': etagOf(first) });
  assert.equal(second.status, 304);
  assert.ok(place.calls.length <= 3, place.calls.join());
  const held = await place.runs.info(leaseObject('carmila'));
  await place.runs.remove(leaseObject('carmila'), held?.generation ?? '');
  assert.equal((await place.get('/', { 'if-none-match': etagOf(first) })).status, 200);
});

test('a change of the state, five minutes, another language and another filter are new', async () => {
  const place = await ConsolePlace.open([carmila]);
  await place.publish('carmila', 3);
  const known = { 'if-none-match': etagOf(await place.get('/')) };
  assert.equal((await place.get('/', known)).status, 304);
  assert.equal((await place.get('/?lang=fr', known)).status, 200);
  assert.equal((await place.get('/', { ...known, 'accept-language': 'fr' })).status, 200);
  assert.equal((await place.get('/index.json', known)).status, 200);
  place.nowMs += 300_000;
  assert.equal((await place.get('/', known)).status, 200);
  const stored = await place.runs.readText(stateObject('carmila'), 10_000);
  const later = { 'if-none-match': etagOf(await place.get('/')) };
  await place.runs.replace(
    stateObject('carmila'),
    stored?.generation ?? '',
    stored?.text ?? '',
    'application/json',
  );
  assert.equal((await place.get('/', later)).status, 200);
});

test('a page of runs is a few calls, however many runs there are', async () => {
  const place = await ConsolePlace.open([carmila]);
  await place.publish('carmila', 400);
  for (const path of ['/p/carmila/runs', '/p/carmila/runs?before=200']) {
    assert.equal((await place.get(path)).status, 200);
    assert.ok(place.calls.length <= 5, place.calls.join('\n'));
  }
  const page = JSON.parse(
    Buffer.from((await place.get('/p/carmila/runs.json?before=200')).bytes).toString(),
  ) as {
    runs: { run: string }[];
    before: number;
  };
  assert.equal(page.runs.length, 50);
  assert.equal(page.runs[0]?.run.slice(0, 6), '000199');
  assert.equal(page.before, 150);
});

test('of many pipelines a page is of a moment ago, and those that need a person are on the first', async () => {
  const many = Array.from({ length: 130 }, (_, index) => ({ ...carmila, name: `p${index}` }));
  const place = await ConsolePlace.open(many);
  for (const { name } of many) await place.publish(name, 1);
  const first = await place.get('/index.json');
  const { standings, pages } = JSON.parse(Buffer.from(first.bytes).toString()) as {
    standings: unknown[];
    pages: number;
  };
  assert.deepEqual([standings.length, pages], [60, 3]);
  await place.get('/?page=2');
  assert.deepEqual(place.calls, [], 'what was read a moment ago is not read again');
  place.nowMs += 130 * 30;
  await place.get('/?page=3');
  assert.ok(place.calls.length >= 130);
  assert.equal((await place.get('/?page=x')).status, 400);
});
