// What was answered is there after the folder is closed and opened again; what was not leaves no trace.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { VirtualClock } from '../../../local/clock.ts';
import { memoryState } from '../../../local/state/state.ts';
import { Storage } from '../../../local/storage/storage.ts';
import { codeOf, startService, temporaryFolder } from './service.ts';

test('objects, their generations and their metadata outlive the process', async (context) => {
  const folder = temporaryFolder(context);
  const first = await startService(context, { folder });
  await first.bucket.file('a/b').save('kept', { resumable: false, metadata: { metadata: { k: 'v' } } });
  await first.bucket.file('gone').save('x', { resumable: false });
  await first.bucket.file('gone').delete();
  const [before] = await first.bucket.file('a/b').getMetadata();
  await first.close();

  const second = await startService(context, { folder });
  const [after] = await second.bucket.file('a/b').getMetadata();
  assert.equal(after.generation, before.generation);
  assert.deepEqual(after.metadata, { k: 'v' });
  assert.equal((await second.bucket.file('a/b').download())[0].toString(), 'kept');
  assert.deepEqual(await second.bucket.file('gone').exists(), [false]);
  const stale = { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } };
  assert.equal(await codeOf(second.bucket.file('a/b').save('x', stale)), 412);
});

test('a start removes the files to which no object refers, and no other', async (context) => {
  const folder = temporaryFolder(context);
  const first = await startService(context, { folder });
  await first.bucket.file('kept').save('1', { resumable: false });
  await first.bucket.file('kept').copy(first.bucket.file('copy'));
  await first.bucket.file('kept').save('2', { resumable: false });
  await first.bucket.file('replaced').save('3', { resumable: false });
  await first.bucket.file('replaced').save('4', { resumable: false });
  await first.close();
  const blobs = join(folder, 'storage', 'blobs');
  writeFileSync(join(blobs, 'left-by-a-crash'), 'half');

  const second = await startService(context, { folder });
  assert.equal(readdirSync(blobs).length, 3);
  for (const [name, text] of [
    ['kept', '2'],
    ['copy', '1'],
    ['replaced', '4'],
  ] as const) {
    assert.equal((await second.bucket.file(name).download())[0].toString(), text);
  }
});

test('a refused or broken upload leaves no file behind', async (context) => {
  const folder = temporaryFolder(context);
  const { bucket, origin } = await startService(context, { folder, clock: hurriedClock() });
  await bucket.file('x').save('x', { resumable: false });
  const refused = { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } };
  for (let at = 0; at < 3; at++) assert.equal(await codeOf(bucket.file('x').save('y', refused)), 412);
  const cut = await fetch(`${origin}/upload/storage/v1/b/bkt/o?uploadType=multipart`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/related; boundary=B' },
    body: '--B\r\n\r\n{"name":"cut"}\r\n--B\r\ncontent-type: text/csv\r\n\r\na,b\r\n1,2\r\n',
  });
  assert.equal(cut.status, 400);
  assert.deepEqual(await bucket.file('cut').exists(), [false]);
  assert.ok(readdirSync(join(folder, 'storage', 'blobs')).length <= 2);
});

test('who found a file can read it after its object was replaced, and later it goes', async (context) => {
  const clock = new VirtualClock();
  const { bucket, storage } = await startService(context, { clock });
  await bucket.file('x').save('old', { resumable: false });
  const found = storage.find('bkt', 'x');
  await bucket.file('x').save('new', { resumable: false });
  assert.equal(readFileSync(found?.path ?? '', 'utf8'), 'old');
  clock.advance(3_600_000);
  await bucket.file('x').save('newest', { resumable: false });
  assert.equal(existsSync(found?.path ?? ''), false);
});

test('an id that comes twice costs no object its bytes', async (context) => {
  const folder = temporaryFolder(context);
  const state = memoryState();
  context.after(() => state.close());
  const storage = new Storage({
    state,
    folder,
    clock: new VirtualClock(),
    newId: () => 'always-the-same',
    onFinalized: () => {},
  });
  storage.ensureBucket({ name: 'bkt', projectId: 'p' });
  const save = (name: string) =>
    storage.insert(
      { bucket: 'bkt', name, attributes: {}, conditions: {}, mayOverwrite: () => {} },
      Readable.from([Buffer.from(name)]),
      () => {},
    );
  await save('first');
  await assert.rejects(save('second'), { code: 'EEXIST' });
  assert.equal(readFileSync(storage.find('bkt', 'first')?.path ?? '', 'utf8'), 'first');
});

/** Each reading of it is an hour later, so that nothing is kept for a reader's sake. */
function hurriedClock() {
  let nowMs = 1_700_000_000_000;
  return { now: () => (nowMs += 3_600_000), at: () => () => {} };
}
