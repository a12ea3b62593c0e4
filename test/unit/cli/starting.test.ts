// What `npm start` stands on: the caller's folder, the lock of the data folder, and one sentence for each trouble.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { callersFolder } from '../../../cli/caller-folder.ts';
import { isLocked, lockFolder } from '../../../cli/folder-lock.ts';
import { claimFolder, runningMesh } from '../../../cli/running.ts';
import { sentenceOf } from '../../../cli/sentence.ts';
import { ConfigurationError } from '../../../shared/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'starting-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const PACKAGE = resolve(fileURLToPath(new URL('../../../', import.meta.url)));

test('a path is relative to where npm was called, and to where node was called', () => {
  const env = { INIT_CWD: '/elsewhere' };
  assert.equal(callersFolder(env, PACKAGE), '/elsewhere');
  assert.equal(callersFolder({}, PACKAGE), PACKAGE);
  // A command that npm did not start inherits the variable from an npm above it.
  assert.equal(callersFolder(env, '/tmp'), '/tmp');
});

/** Another process that holds the folder until it is killed. */
async function holder(): Promise<{ kill(): Promise<void> }> {
  const lock = new URL('../../../cli/folder-lock.ts', import.meta.url).href;
  const program = `
    import { lockFolder } from ${JSON.stringify(lock)};
    const held = lockFolder(${JSON.stringify(folder)});
    process.stdout.write(held === undefined ? 'refused' : 'held');
    setInterval(() => held?.release === undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [message] = (await once(child.stdout, 'data')) as [Buffer];
  assert.equal(message.toString(), 'held');
  return {
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

test('a folder has one holder, and is free again as soon as that process has ended, in any way', async () => {
  assert.equal(isLocked(folder), false);
  const other = await holder();
  assert.equal(isLocked(folder), true);
  assert.equal(lockFolder(folder), undefined);
  assert.throws(() => claimFolder(folder), /a mesh over .* is opening or closing in another process/);
  writeFileSync(join(folder, 'running.json'), JSON.stringify({ endpoint: 'http://127.0.0.1:1', pid: 17 }));
  assert.equal(runningMesh(folder)?.pid, 17);
  assert.throws(() => claimFolder(folder), /a mesh is running over .* already \(process 17\)/);
  await other.kill();
  assert.equal(isLocked(folder), false);
});

test('a running.json that was left behind counts for nothing, though its process id is used again', () => {
  const stale = { endpoint: 'http://127.0.0.1:1', pid: process.pid };
  writeFileSync(join(folder, 'running.json'), JSON.stringify(stale));
  assert.equal(runningMesh(folder), undefined);
  const claim = claimFolder(folder);
  claim.opened('http://127.0.0.1:2');
  assert.deepEqual(runningMesh(folder), { endpoint: 'http://127.0.0.1:2', pid: process.pid });
  claim.closing();
  assert.equal(runningMesh(folder), undefined);
  claim.release();
});

test('a data folder that is a file is refused by name', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  assert.throws(() => claimFolder(file), /--data: .*file is a file; expected a folder/);
});

const system = (code: string, text: string, more: object = {}) =>
  Object.assign(new Error(`${code}: ${text}`), { code, ...more });

const SENTENCES: readonly (readonly [what: string, error: unknown, sentence: RegExp])[] = [
  [
    'a full disk',
    system('ENOSPC', 'no space left on device, write'),
    /^the disk is full \(.*free some space/,
  ],
  [
    'a full disk, in SQLite',
    Object.assign(new Error('database or disk is full'), { errcode: 13 }),
    /^the disk is full/,
  ],
  [
    'a full disk, in DuckDB',
    new Error('IO Error: Could not write file "x": No space left on device'),
    /^the disk is full/,
  ],
  [
    'no watcher',
    system('ENOSPC', "System limit for number of file watchers reached, watch 'd'"),
    /^the system has no file watcher left/,
  ],
  [
    'a read-only disk',
    system('EROFS', "read-only file system, open '/d/x'", { path: '/d/x' }),
    /^\/d\/x cannot be written/,
  ],
  ['no right', system('EACCES', "permission denied, mkdir '/d'", { path: '/d' }), /^\/d cannot be written/],
  [
    'a read-only SQLite',
    Object.assign(new Error('attempt to write a readonly database'), { errcode: 8, path: '/d' }),
    /^\/d cannot be written/,
  ],
  [
    'a right of Google',
    new Error('Permission denied on resource project p.'),
    /^Permission denied on resource project p\.$/,
  ],
  ['an error of several lines', new Error('it failed\n    at somewhere'), /^it failed$/],
  [
    'a wrong configuration',
    new ConfigurationError('wrong:\n  A: found nothing'),
    /^wrong:\n {2}A: found nothing$/,
  ],
  ['what is no error', 'a word', /^a word$/],
];

for (const [what, error, sentence] of SENTENCES)
  test(`in one sentence: ${what}`, () => assert.match(sentenceOf(error), sentence));
