// What Drive lists and does not give out, through the unmodified client: shortcuts, disabled downloads, flagged files.
import assert from 'node:assert/strict';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { decidePoll, type Decision } from '../../functions/detect-changes/decide.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { driveFolder } from '../../shared/google/drive.ts';
import type { SourceFolder } from '../../shared/sources/drive.ts';
import type { ListedFile, SnapshotFile } from '../../shared/sources/snapshot.ts';
import { FOLDER_ID, startMesh, type WatchedMesh } from './cloud.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const SHEET = 'application/vnd.google-apps.spreadsheet';

let mesh: WatchedMesh;
let source: SourceFolder;
before(async () => {
  mesh = await startMesh();
  source = driveFolder(mesh.config);
  for (const place of ['.no-download', '.flagged', '.sheets']) await mkdir(join(mesh.drive, place));
});
after(() => mesh.close());

/** The real client before a service that answers this, whatever it is asked. */
async function answering(t: TestContext, status: number, body: object): Promise<SourceFolder> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return driveFolder({ ...mesh.config, GOOGLE_API_ENDPOINT: `http://127.0.0.1:${port}` });
}

const decide = (files: readonly ListedFile[]): Decision =>
  decidePoll({
    pipeline: 'carmila',
    roles: carmila.trigger.source.files,
    files,
    state: undefined,
    settleMs: 0,
    nowMs: Date.UTC(2026, 10, 26),
    nonce: null,
    cause: { kind: 'schedule', by: 'scheduler@test', reason: null },
  });

let ids = 0;
const listed = (name: string, more: object = {}) => ({
  ...{ id: String(++ids), name, mimeType: XLSX, version: '3', size: '900', md5Checksum: 'a'.repeat(32) },
  ...{ modifiedTime: '2026-11-20T10:00:00.000Z' },
  ...more,
});
const SHORTCUT = {
  mimeType: 'application/vnd.google-apps.shortcut',
  md5Checksum: undefined,
  size: undefined,
};
const [FLUX, TRANSCO, OPENINGS] = [
  listed('2025 flux quotidiens.xlsx'),
  listed('Transco.xlsx'),
  listed('Recensement OE 2024.xlsx'),
];

const LISTINGS: readonly (readonly [string, readonly object[], RegExp])[] = [
  [
    'a shortcut to a needed file',
    [
      FLUX,
      OPENINGS,
      listed('Transco.xlsx', { ...SHORTCUT, shortcutDetails: { targetId: '9', targetMimeType: XLSX } }),
    ],
    /^Transco\.xlsx is a shortcut; put the file itself into the folder\. The run starts when every role has its files\.$/,
  ],
  [
    'a shortcut to a year',
    [FLUX, TRANSCO, OPENINGS, listed('2026 flux quotidiens.xlsx', SHORTCUT)],
    /^2026 flux quotidiens\.xlsx is a shortcut; put the file itself.*run --force .*--reason/,
  ],
  [
    'a shortcut to a Google Sheet, whose name has no ending',
    [
      FLUX,
      TRANSCO,
      OPENINGS,
      listed('2026 flux quotidiens', { ...SHORTCUT, shortcutDetails: { targetMimeType: SHEET } }),
    ],
    /^2026 flux quotidiens is a shortcut/,
  ],
  [
    'a year without a checksum',
    [FLUX, TRANSCO, OPENINGS, listed('2026 flux quotidiens.xlsx', { md5Checksum: undefined })],
    /^2026 flux quotidiens\.xlsx has no checksum \(md5Checksum\)/,
  ],
  [
    'a year whose download is disabled',
    [FLUX, TRANSCO, OPENINGS, listed('2026 flux quotidiens.xlsx', { capabilities: { canDownload: false } })],
    /^2026 flux quotidiens\.xlsx cannot be downloaded by the mesh's account; allow downloads/,
  ],
];
for (const [what, files, says] of LISTINGS) {
  test(`${what} makes no run, and is named with its cause`, async (t) => {
    const folder = await answering(t, 200, { files });
    const decision = decide(await folder.list(FOLDER_ID));
    assert.ok(decision.kind === 'no-run' && decision.outcome === 'waiting-incomplete', decision.kind);
    assert.match(decision.reason, says);
    assert.doesNotMatch(decision.reason, /Missing from the source/);
  });
}

test('a shortcut to a folder, a document and a form are no files of the source', async (t) => {
  const target = { shortcutDetails: { targetMimeType: 'application/vnd.google-apps.folder' } };
  const folder = await answering(t, 200, {
    files: [
      listed('2024 archives OE', { ...SHORTCUT, ...target }),
      listed('OE 2024', { mimeType: 'application/vnd.google-apps.document', md5Checksum: undefined }),
    ],
  });
  assert.deepEqual(await folder.list(FOLDER_ID), []);
});

test('the local Drive lists what it does not give out as Drive does', async () => {
  await writeFile(join(mesh.drive, '2024 flux quotidiens.xlsx.gshortcut'), '');
  await writeFile(join(mesh.drive, '2023 flux quotidiens.gsheet.gshortcut'), '');
  await writeFile(join(mesh.drive, '.no-download/2022 flux quotidiens.xlsx'), 'bytes');
  await writeFile(join(mesh.drive, '.flagged/2021 flux quotidiens.xlsx'), 'bytes');
  const found = (await source.list(FOLDER_ID)).map(({ name, content }) => [
    name,
    content.kind === 'unreadable' ? `${content.why}${content.isSheet ? ', sheet' : ''}` : content.kind,
  ]);
  assert.deepEqual(found.sort(), [
    ['2021 flux quotidiens.xlsx', 'md5'],
    ['2022 flux quotidiens.xlsx', 'download-disabled'],
    ['2023 flux quotidiens', 'shortcut, sheet'],
    ['2024 flux quotidiens.xlsx', 'shortcut'],
  ]);
});

/** Lists the file while it may be read, and then takes that away. */
async function restricted(name: string, bytes: string, place: string): Promise<SnapshotFile> {
  await writeFile(join(mesh.drive, name), bytes);
  const shown = name.replace(/\.gsheet$/, '');
  const file = (await source.list(FOLDER_ID)).find((each) => each.name === shown);
  assert.ok(file !== undefined && file.content.kind !== 'unreadable');
  await rename(join(mesh.drive, name), join(mesh.drive, place, name));
  return { role: 'any', id: file.id, name: shown, content: file.content, sizeBytes: file.sizeBytes };
}

const readIsRefused = (file: SnapshotFile, says: RegExp, from = source) =>
  assert.rejects(from.read(file), (error: unknown) => {
    assert.ok(error instanceof PermanentError, String(error));
    assert.match(error.message, says);
    assert.match(error.message, /run --force/);
    return true;
  });

test('a flagged file, and disabled downloads and exports, are refused for good, by name and with the cause', async () => {
  await writeFile(join(mesh.drive, '.sheets/s.xlsx'), 'workbook');
  const flagged = await restricted('flagged.xlsx', 'x', '.flagged');
  await readIsRefused(flagged, /^"flagged\.xlsx" cannot be read.*flagged it as malware or spam/);
  const disabled = await restricted('disabled.xlsx', 'y', '.no-download');
  await readIsRefused(disabled, /^"disabled\.xlsx" cannot be read.*has disabled downloads of it/);
  const sheet = await restricted('sheet.gsheet', '{"xlsx": ".sheets/s.xlsx"}', '.no-download');
  await readIsRefused(sheet, /^"sheet" cannot be read.*has disabled exports of it/);
});

const refusal = (code: number, reason: string, message = 'Whatever it says.') => ({
  error: { code, message, errors: [{ domain: 'global', reason, message }] },
});
const MD5: SnapshotFile['content'] = { kind: 'md5', md5Hex: 'a'.repeat(32) };
const FILE: SnapshotFile = { role: 'any', id: '1', name: 'x.xlsx', content: MD5, sizeBytes: 1 };

for (const reason of [
  'cannotDownloadAbusiveFile',
  'cannotDownloadFile',
  'fileNotDownloadable',
  'fileNotExportable',
  'exportSizeLimitExceeded',
]) {
  test(`${reason} is recognised by its reason, not by its text or status`, async (t) => {
    for (const status of [400, 403]) {
      await readIsRefused(
        FILE,
        new RegExp(`\\(${reason}\\)`),
        await answering(t, status, refusal(status, reason)),
      );
    }
  });
}

test('a missing right or a quota may pass, whatever its text says', async (t) => {
  for (const reason of ['insufficientFilePermissions', 'userRateLimitExceeded', 'constructor']) {
    const folder = await answering(t, 403, refusal(403, reason, 'This file is too large to be exported.'));
    await assert.rejects(folder.read(FILE), TransientError, reason);
  }
});
