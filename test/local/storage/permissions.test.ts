// Who may do what: the permission of each call, and the one more that overwriting takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forbidden } from '../../../local/http/errors.ts';
import { codeOf, startService } from './service.ts';

const GRANTS: Record<string, string[]> = {
  creator: ['storage.objects.create'],
  copier: ['storage.objects.create', 'storage.objects.get'],
  viewer: ['storage.objects.get', 'storage.objects.list'],
  getter: ['storage.objects.get'],
};

const authorize = (caller: string, permission: string, resource: string) => {
  const granted = caller === 'operator@local' || GRANTS[caller]?.includes(permission) === true;
  if (!granted) throw forbidden(`${caller} does not have ${permission} access to ${resource}.`);
};

test('a creator creates, and cannot overwrite, by upload, session, copy or composition', async (context) => {
  const { bucket, bucketAs } = await startService(context, { authorize });
  const creator = await bucketAs('creator');
  await creator.file('x').save('1', { resumable: false });
  for (const resumable of [true, false]) {
    assert.equal(await codeOf(creator.file('x').save('2', { resumable })), 403);
  }
  assert.equal(await codeOf(creator.file('x').getMetadata()), 403);
  assert.equal(await codeOf(creator.file('x').delete()), 403);
  const copier = await bucketAs('copier');
  await copier.file('x').copy(copier.file('y'));
  assert.equal(await codeOf(copier.file('y').copy(copier.file('x'))), 403);
  assert.equal(await codeOf(copier.combine(['x', 'y'], 'x')), 403);
  assert.equal((await bucket.file('x').download())[0].toString(), '1');
});

test('a viewer reads and lists, and writes nothing', async (context) => {
  const { bucket, bucketAs } = await startService(context, { authorize });
  await bucket.file('x').save('1', { resumable: false });
  const viewer = await bucketAs('viewer');
  assert.equal((await viewer.file('x').download())[0].toString(), '1');
  assert.equal((await viewer.getFiles())[0].length, 1);
  assert.equal(await codeOf(viewer.file('y').save('1', { resumable: false })), 403);
  assert.equal(await codeOf(viewer.file('x').setMetadata({ metadata: { a: 'b' } })), 403);
  assert.equal(await codeOf(viewer.file('x').copy(bucket.file('y'))), 403);
  assert.equal(await codeOf(viewer.getMetadata()), 403);
});

test('a caller without the right to list does not learn that an object is missing', async (context) => {
  const { bucketAs } = await startService(context, { authorize });
  assert.equal(await codeOf((await bucketAs('getter')).file('x').getMetadata()), 403);
  assert.equal(await codeOf((await bucketAs('viewer')).file('x').getMetadata()), 404);
});
