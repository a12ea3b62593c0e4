// What a bucket's policy keeps, and what it deletes by itself.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { codeOf, startService } from './service.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A service whose clock a test moves. */
async function start(context: TestContext) {
  let nowMs = 1_700_000_000_000;
  const service = await startService(context, { clock: { now: () => nowMs, at: () => () => {} } });
  const setPolicy = (policy: object) => service.storage.ensureBucket({ name: 'bkt', projectId: 'p' }, policy);
  return { ...service, setPolicy, pass: (days: number) => (nowMs += days * DAY_MS), now: () => nowMs };
}

test('what a policy retains is neither deleted nor replaced before its time, as Google words it', async (context) => {
  const { bucket, setPolicy, pass, now } = await start(context);
  const file = bucket.file('orders/1.json');
  await file.save('1', { resumable: false });
  // It holds for what was there before it, too.
  setPolicy({ retentionSeconds: 2 * 86_400 });
  const until = new Date(now() + 2 * DAY_MS).toISOString();
  const refused = {
    code: 403,
    message: new RegExp(
      `Object 'bkt/orders/1.json' is subject to bucket's retention policy .* cannot be deleted or overwritten until ${until}`,
    ),
  };
  await assert.rejects(file.delete(), refused);
  for (const resumable of [false, true]) await assert.rejects(file.save('2', { resumable }), refused);
  await assert.rejects(bucket.file('orders/2.json').copy(file), { code: 404 });
  await bucket.file('orders/2.json').save('2', { resumable: false });
  await assert.rejects(bucket.file('orders/2.json').copy(file), refused);
  await file.setMetadata({ metadata: { read: 'yes' } });
  pass(1.9);
  assert.equal(await codeOf(file.delete()), 403);
  assert.equal((await file.download())[0].toString(), '1');
  pass(0.2);
  await file.delete();
  assert.equal((await file.exists())[0], false);
  const [{ retentionPolicy }] = await bucket.getMetadata();
  assert.equal(String(retentionPolicy?.retentionPeriod), '172800');
});

test('a bucket with versions keeps what is replaced or deleted, until its generation is named', async (context) => {
  const { bucket, setPolicy } = await start(context);
  setPolicy({ versioning: true });
  const file = bucket.file('state.json');
  const generations: string[] = [];
  for (const content of ['1', '2']) {
    await file.save(content, { resumable: false });
    generations.push(String((await file.getMetadata())[0].generation));
  }
  await file.delete({ ifGenerationMatch: generations[1] });
  assert.equal((await file.exists())[0], false);
  assert.deepEqual((await bucket.getFiles())[0], []);
  const versions = (await bucket.getFiles({ versions: true }))[0].map(({ metadata }) => [
    String(metadata.generation),
    metadata.timeDeleted !== undefined,
  ]);
  assert.deepEqual(
    versions,
    generations.map((generation) => [generation, true]),
  );
  const [first = ''] = generations;
  const old = bucket.file('state.json', { generation: first });
  assert.equal((await old.download())[0].toString(), '1');
  await old.copy(file);
  assert.equal((await file.download())[0].toString(), '1');
  // Absent is absent, whatever versions there were.
  await file.delete();
  await file.save('3', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
  await old.delete();
  assert.equal(await codeOf(old.getMetadata()), 404);
  await assert.rejects(bucket.delete(), { code: 409, message: /not empty/ });
});

test('rules delete by age, by custom time and by how long a version has been replaced', async (context) => {
  const { bucket, storage, setPolicy, pass, now } = await start(context);
  setPolicy({
    versioning: true,
    lifecycle: [
      { action: { type: 'Delete' }, condition: { age: 90, matchesSuffix: ['.xlsx'] } },
      { action: { type: 'Delete' }, condition: { daysSinceCustomTime: 400 } },
      { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: 14, isLive: false } },
    ],
  });
  const customTime = new Date(now()).toISOString();
  await bucket.file('run/input/flux-1.xlsx').save('x', { resumable: false, metadata: { customTime } });
  await bucket.file('run/outcome.json').save('x', { resumable: false, metadata: { customTime } });
  await bucket.file('state.json').save('1', { resumable: false });
  await bucket.file('state.json').save('2', { resumable: false });
  const listed = async () => (await bucket.getFiles({ versions: true }))[0].map(({ name }) => name);
  const after = async (days: number) => {
    pass(days);
    storage.objects.applyLifecycle();
    return listed();
  };
  assert.deepEqual(await after(13.9), [
    'run/input/flux-1.xlsx',
    'run/outcome.json',
    'state.json',
    'state.json',
  ]);
  assert.deepEqual(await after(0.2), ['run/input/flux-1.xlsx', 'run/outcome.json', 'state.json']);
  // The first pass replaces the live version by nothing; as a version it is as old, and the next pass takes it.
  await after(76);
  assert.deepEqual(await after(0), ['run/outcome.json', 'state.json']);
  assert.deepEqual(await after(309), ['run/outcome.json', 'state.json']);
  await after(1);
  assert.deepEqual(await after(0), ['state.json']);
  assert.equal((await bucket.file('state.json').download())[0].toString(), '2');
});

test('a custom time moves forward only', async (context) => {
  const { bucket } = await start(context);
  const file = bucket.file('x');
  await file.save('x', { resumable: false, metadata: { customTime: '2026-01-02T00:00:00Z' } });
  assert.equal((await file.getMetadata())[0].customTime, '2026-01-02T00:00:00Z');
  assert.equal(await codeOf(file.setMetadata({ customTime: '2026-01-01T00:00:00Z' })), 400);
  await file.setMetadata({ customTime: '2026-01-03T00:00:00Z' });
});

test('a patch sets the custom time of an object that had none, and from then on a rule counts its days', async (context) => {
  const { bucket, storage, setPolicy, pass, now } = await start(context);
  setPolicy({
    lifecycle: [
      {
        action: { type: 'Delete' },
        condition: { daysSinceCustomTime: 30, matchesPrefix: ['maps/', 'heat/'] },
      },
    ],
  });
  for (const name of ['maps/1/a.tif', 'maps/2/a.tif', 'other/a.tif'])
    await bucket.file(name).save('x', { resumable: false });
  pass(400);
  storage.objects.applyLifecycle();
  const customTime = new Date(now()).toISOString();
  for (const name of ['maps/1/a.tif', 'other/a.tif']) await bucket.file(name).setMetadata({ customTime });
  pass(29);
  storage.objects.applyLifecycle();
  assert.equal((await bucket.getFiles())[0].length, 3);
  pass(1);
  storage.objects.applyLifecycle();
  assert.deepEqual(
    (await bucket.getFiles())[0].map(({ name }) => name),
    ['maps/2/a.tif', 'other/a.tif'],
  );
});

test('a rule or a policy that is not known here is refused by name', async (context) => {
  const { setPolicy } = await start(context);
  const rule = (condition: object, type = 'Delete') => ({ lifecycle: [{ action: { type }, condition }] });
  assert.throws(() => setPolicy(rule({ numNewerVersions: 3 })), /numNewerVersions/);
  assert.throws(() => setPolicy(rule({ age: 1 }, 'SetStorageClass')), /SetStorageClass/);
  assert.throws(() => setPolicy(rule({})), /without a condition/);
  assert.throws(
    () => setPolicy({ versioning: true, retentionSeconds: 1 }),
    /versions and a retention policy/,
  );
});
