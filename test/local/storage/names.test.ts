// Object names that are awkward in a URL: each comes whole through every route.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService } from './service.ts';

const NAMES = [
  'a%2Fb.csv',
  'a%252Fb%.csv',
  'a#b.csv',
  'a?b=c&d.csv',
  'a b  c.csv',
  'a+b.csv',
  'a//b/.csv',
  '/leading',
  'a:b;c,d@e.csv',
  'a\\b.csv',
  'it\'s "quoted".csv',
  'été.csv',
  'Дані/звіт.csv',
  '数据/表.csv',
  'بيانات.csv',
  '😀/🧮.csv',
  'rewriteTo/b/bkt/o/x',
  'folder/',
];

for (const name of NAMES) {
  test(`${JSON.stringify(name)} comes through every route`, async (context) => {
    const { bucket, finalized } = await startService(context);
    const file = bucket.file(name);
    await file.save('1', { resumable: false });
    await bucket.file(`up/${name}`).save('2', { resumable: true });
    assert.deepEqual(
      finalized.map((object) => object.name),
      [name, `up/${name}`],
    );
    assert.equal((await file.getMetadata())[0].name, name);
    assert.equal((await file.download())[0].toString(), '1');
    await file.setMetadata({ metadata: { k: name } });
    assert.deepEqual((await file.getMetadata())[0].metadata, { k: name });
    const [found] = await bucket.getFiles({ prefix: name });
    assert.deepEqual(
      found.map((each) => each.name),
      [name],
    );
    await file.copy(bucket.file(`copy/${name}`));
    await bucket.combine([file, bucket.file(`up/${name}`)], bucket.file(`all/${name}`));
    assert.equal((await bucket.file(`copy/${name}`).download())[0].toString(), '1');
    assert.equal((await bucket.file(`all/${name}`).download())[0].toString(), '12');
    await file.delete();
    assert.deepEqual(await file.exists(), [false]);
    const [left] = await bucket.getFiles();
    assert.deepEqual(
      left.map((each) => each.name),
      [`all/${name}`, `copy/${name}`, `up/${name}`],
    );
  });
}

test('the placeholder of a folder is an object of no bytes, listed beside what is in the folder', async (context) => {
  const { bucket } = await startService(context);
  await bucket.file('in/').save('', { resumable: false });
  await bucket.file('in/a.csv').save('a', { resumable: false });
  const [files] = await bucket.getFiles({ prefix: 'in/' });
  assert.deepEqual(
    files.map(({ name, metadata }) => [name, String(metadata.size)]),
    [
      ['in/', '0'],
      ['in/a.csv', '1'],
    ],
  );
  const [, , rolledUp] = await bucket.getFiles({ delimiter: '/', autoPaginate: false });
  assert.deepEqual((rolledUp as { prefixes?: string[] }).prefixes, ['in/']);
});
