// Erasing what a requester sent: only after the end, for good, and whatever a late copy does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestContent } from '../../../shared/requests/entry.ts';
import { eraseContent } from '../../../shared/requests/erase.ts';
import { contentObject } from '../../../shared/requests/names.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { DispatchPlace, PIPELINE } from '../start-run/dispatch-place.ts';
import { FaultAt } from '../start-run/faults.ts';

const by = (token: string) => ({ by: 'ada@example.org', at: '2026-11-27T03:00:00.000Z', token });

const kindOf = async (place: DispatchPlace, run: string) =>
  (await readJson(place.requests, contentObject(PIPELINE, run), requestContent))?.value.kind;

test('content is erased only after the run has ended and has left the queue', async () => {
  const place = new DispatchPlace();
  const run = await place.ask();
  assert.equal(await eraseContent(place, PIPELINE, run, by('1')), 'not-ended');
  await place.dispatch();
  await place.work();
  await place.publish();
  assert.equal(await eraseContent(place, PIPELINE, run, by('1')), 'not-ended');
  assert.equal(await kindOf(place, run), 'content');
  await place.finish();
  assert.equal(await eraseContent(place, PIPELINE, run, by('1')), 'erased');
  assert.equal(await eraseContent(place, PIPELINE, run, by('2')), 'erased-before');
  assert.ok(!String(place.requests.stored(contentObject(PIPELINE, run))?.content).includes('openings'));
});

test('a late copy of the content does not undo its erasing', async () => {
  const place = new DispatchPlace();
  const run = await place.ask({ key: 'first' });
  await place.finish();
  await eraseContent(place, PIPELINE, run, by('1'));
  // The repeated key of the front door: the entry is there again for a moment.
  await place.ask({ key: 'first' });
  await place.finish();
  assert.equal(await kindOf(place, run), 'erased');
});

test('erasing with a lost answer erases', async () => {
  for (let at = 0; at < 5; at++) {
    const place = new DispatchPlace();
    const run = await place.ask();
    await place.finish();
    const stores = place.ports(new FaultAt(at, 'lost after'));
    await eraseContent(stores, PIPELINE, run, by('1')).catch(() => undefined);
    await eraseContent(place, PIPELINE, run, by('2'));
    assert.equal(await kindOf(place, run), 'erased');
  }
});
