// The bytes of files and of exported Google Sheets.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { openFolder, textOf } from './folder.ts';
import { until } from '../../waiting.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const reasonIs = (status: number, reason: string) => (error: unknown) => {
  const observed = error as { status?: number; response?: { data: unknown } };
  const data = observed.response?.data;
  const body = typeof data === 'string' || data instanceof ArrayBuffer ? data : JSON.stringify(data);
  const text = typeof body === 'string' ? body : textOf(body);
  assert.equal(observed.status, status);
  assert.match(text, new RegExp(`"reason":"${reason}"`));
  return true;
};

test('the bytes are those that stand in the file now', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  const fileId = String((await folder.file('a.xlsx')).id);
  await folder.write('a.xlsx', 'another');
  const answer = await folder.client.files.get({ fileId, alt: 'media' }, { responseType: 'arraybuffer' });
  assert.equal(textOf(answer.data), 'another');
});

test('a range of the bytes may be asked for', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.bin', '0123456789');
  const { id } = await folder.file('a.bin');
  const get = (range: string) =>
    fetch(`${folder.url}/drive/v3/files/${id}?alt=media`, { headers: { range } });
  const expected: [string, number, string, string | null][] = [
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=4-2', 200, '0123456789', null],
    ['lines=1-2', 200, '0123456789', null],
  ];
  for (const [range, status, text, contentRange] of expected) {
    const answer = await get(range);
    assert.equal(answer.status, status, range);
    assert.equal(await answer.text(), text, range);
    assert.equal(answer.headers.get('content-range'), contentRange, range);
  }
  assert.equal((await get('bytes=0-0')).headers.get('content-type'), 'application/octet-stream');
  const beyond = await get('bytes=10-');
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get('content-range'), 'bytes */10');
});

test('a file that grows while it is read gives what it holds when it is read', async (t) => {
  const folder = await openFolder(t);
  const firstHalf = Buffer.alloc(8 * 1024 * 1024, 'a');
  await folder.write('a.bin', firstHalf);
  const fileId = String((await folder.file('a.bin')).id);
  const answer = await folder.client.files.get({ fileId, alt: 'media' }, { responseType: 'stream' });
  let sizeBytes = 0;
  let appended = false;
  for await (const chunk of answer.data as Readable) {
    sizeBytes += (chunk as Buffer).length;
    if (!appended) await appendFile(join(folder.path, 'a.bin'), 'b'.repeat(1000));
    appended = true;
  }
  assert.equal(sizeBytes, firstHalf.length + 1000);
});

const OPEN_FILES = '/proc/self/fd';

test(
  'a file is closed when the reader leaves early and when the answer is lost',
  { skip: existsSync(OPEN_FILES) ? false : `there is no ${OPEN_FILES} here to look into` },
  async (t) => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.message);
    process.on('warning', onWarning);
    t.after(() => process.off('warning', onWarning));
    const folder = await openFolder(t);
    await folder.write('a.bin', Buffer.alloc(8 * 1024 * 1024));
    const { id } = await folder.file('a.bin');
    const url = `${folder.url}/drive/v3/files/${id}?alt=media`;
    const left = new AbortController();
    const answer = await fetch(url, { signal: left.signal });
    await answer.body?.getReader().read();
    assert.equal(await timesOpen(join(folder.path, 'a.bin')), 1);
    left.abort();
    folder.faults.plan({ method: 'GET', url: /alt=media/, action: 'lose-answer' });
    await assert.rejects(fetch(url));
    assert.deepEqual(folder.faults.unused(), []);
    await until('the file to be closed', async () =>
      (await timesOpen(join(folder.path, 'a.bin'))) === 0 ? true : undefined,
    );
    assert.deepEqual(warnings, [], 'nothing was left for the garbage collector to close');
  },
);

async function timesOpen(path: string): Promise<number> {
  const links = (await readdir(OPEN_FILES)).map((name) => readlink(join(OPEN_FILES, name)).catch(() => ''));
  return (await Promise.all(links)).filter((target) => target === path).length;
}

test('a file that was made a link or deleted is not followed', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.bin', 'mine');
  const fileId = String((await folder.file('a.bin')).id);
  await folder.remove('a.bin');
  await symlink('/etc/passwd', join(folder.path, 'a.bin'));
  await assert.rejects(folder.client.files.get({ fileId, alt: 'media' }), { status: 404 });
});

test('a Google Sheet whose workbook lies behind a link is not exported: the link may lead anywhere', async (t) => {
  const folder = await openFolder(t);
  const elsewhere = await openFolder(t);
  await elsewhere.write('private.xlsx', 'private');
  await symlink(elsewhere.path, join(folder.path, '.linked'));
  await folder.write('Transco.gsheet', JSON.stringify({ xlsx: '.linked/private.xlsx' }));
  const fileId = String((await folder.file('Transco')).id);
  await assert.rejects(folder.client.files.export({ fileId, mimeType: XLSX }));
});

test('a Google Sheet has no bytes, hash or revision; its version rises with the workbook behind it', async (t) => {
  const folder = await openFolder(t);
  await folder.write('.sheets/x.xlsx', 'workbook 1');
  await folder.write('Transco.gsheet', JSON.stringify({ xlsx: '.sheets/x.xlsx' }));
  const before = await folder.file('Transco');
  assert.equal(before.mimeType, 'application/vnd.google-apps.spreadsheet');
  assert.deepEqual(
    [before.md5Checksum, before.size, before.headRevisionId],
    [undefined, undefined, undefined],
  );
  const fileId = String(before.id);
  const exported = async () =>
    textOf(
      (await folder.client.files.export({ fileId, mimeType: XLSX }, { responseType: 'arraybuffer' })).data,
    );
  assert.equal(await exported(), 'workbook 1');
  await folder.write('.sheets/x.xlsx', 'workbook 2');
  assert.equal(await exported(), 'workbook 2');
  const after = await folder.file('Transco');
  assert.equal(after.id, fileId);
  assert.ok(Number(after.version) > Number(before.version));
  await assert.rejects(
    folder.client.files.get({ fileId, alt: 'media' }),
    reasonIs(403, 'fileNotDownloadable'),
  );
});

test('an export is refused for a file with bytes, over 10 MB, in another type, and from outside the folder', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'bytes');
  await folder.write('.sheets/big.xlsx', Buffer.alloc(10 * 1024 * 1024 + 1));
  await folder.write('big.gsheet', JSON.stringify({ xlsx: '.sheets/big.xlsx' }));
  await folder.write('out.gsheet', JSON.stringify({ xlsx: '../../etc/passwd' }));
  await folder.write('broken.gsheet', '{');
  const exportOf = async (name: string, mimeType = XLSX) =>
    folder.client.files.export({ fileId: String((await folder.file(name)).id), mimeType });
  await assert.rejects(exportOf('a.xlsx'), reasonIs(403, 'fileNotExportable'));
  await assert.rejects(exportOf('big'), reasonIs(403, 'exportSizeLimitExceeded'));
  await assert.rejects(exportOf('big', 'application/pdf'), reasonIs(501, 'notImplemented'));
  await assert.rejects(exportOf('out'), reasonIs(501, 'notImplemented'));
  await assert.rejects(exportOf('broken'), reasonIs(501, 'notImplemented'));
});
