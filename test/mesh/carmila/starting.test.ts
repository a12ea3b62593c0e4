// `npm start` where it is hard to start: odd paths, a full disk, a taken folder, wrong words, signals, a reader that left.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../../waiting.ts';
import { beginIn, lastLine, type Ended, type Place, type Running } from '../commands.ts';
import { good, withFlux } from '../folders.ts';
import type { Folder } from '../start-mesh.ts';

const root = mkdtempSync(join(tmpdir(), 'starting-'));
after(() => rmSync(root, { recursive: true, force: true }));

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ROOMS = ['cli', 'functions', 'infra', 'jobs', 'local', 'models', 'pipelines', 'shared', 'package.json'];

function folderOf(name: string, files: Folder): string {
  const drive = join(root, name);
  mkdirSync(drive, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(drive, file), bytes);
  return drive;
}
const drive = folderOf('drive', good());
const data = join(root, 'data');
const over = (dataFolder = data, driveFolder = drive) => ['--drive', driveFolder, '--data', dataFolder];

const start = (place: Place, ...words: readonly string[]): Running =>
  beginIn(place, 'cli/start.ts', ...words);

/** One sentence on stderr that says what is wrong, exit code 1, one line of JSON, and no stack. */
function assertRefused({ code, stdout, stderr }: Ended, sentence: RegExp): void {
  assert.equal(code, 1, stdout + stderr);
  assert.match(stderr, sentence);
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  assert.doesNotMatch(stdout + stderr, /^ +at |\.ts:\d/m);
}

const WRONG_STARTS: readonly (readonly [words: readonly string[], sentence: RegExp])[] = [
  [['--pipeline', 'nope'], /there is no pipeline "nope": expected one of .*carmila/],
  [['--drive', join(drive, 'Transco.xlsx')], /--drive: .*Transco\.xlsx is a file; expected a folder/],
  [['--drive', 'nowhere'], /--drive: the folder .*nowhere does not exist/],
  [['--data', join(drive, 'Transco.xlsx'), '--drive', drive], /--data: .*Transco\.xlsx is a file/],
  [['--bogus'], /unknown option '--bogus'; --help lists what is accepted/],
  [['extra'], /too many arguments.*; --help lists/],
];

for (const [words, sentence] of WRONG_STARTS) {
  test(`start ${words.join(' ').replaceAll(root, '')} is refused in one sentence`, async () => {
    const ended = await start({}, ...words, '--once').ended;
    assertRefused(ended, sentence);
    const { outcome, reason } = lastLine(ended);
    assert.equal(outcome, 'failed');
    assert.match(String(reason), sentence);
  });
}

const WRONG_MESSAGES: readonly (readonly [script: string, words: readonly string[], sentence: RegExp])[] = [
  ['cli/sluice.ts', ['--pipeline', 'nope', 'runs'], /there is no pipeline "nope"/],
  ['cli/sluice.ts', ['nosuch'], /unknown command 'nosuch'; --help/],
  ['cli/sluice.ts', ['runs', '--count', 'many'], /argument 'many' is invalid.*1 to 100000/],
  ['cli/sluice.ts', ['audit', '--count', '0'], /argument '0' is invalid/],
  ['cli/sluice.ts', ['dead-letters', 'list', '--limit', '-4'], /--limit.*(invalid|missing)/],
  [
    'cli/sluice.ts',
    ['--data', join(root, 'none'), 'runs'],
    /nothing has run over .*none yet; run npm start first/,
  ],
  ['cli/query.ts', [], /missing required argument 'sql'/],
  ['cli/query.ts', ['--data', join(root, 'none'), 'SELECT 1'], /nothing has run over .*none yet/],
  ['bench/run.ts', ['nope'], /there is no bench named nope/],
  ['bench/run.ts', ['--json', join(root, 'none', 'x.json')], /--json: the folder .*none does not exist/],
  ['test/simulation/simulate.ts', ['--seeds', 'x'], /argument 'x' is invalid/],
  ['test/simulation/simulate.ts', ['--bogus'], /unknown option '--bogus'/],
];

for (const [script, words, sentence] of WRONG_MESSAGES) {
  test(`${script} ${words.join(' ').replaceAll(root, '')} is refused in one sentence`, async () => {
    assertRefused(await beginIn({}, script, ...words).ended, sentence);
  });
}

test('with --json a refused sluice prints one line of JSON', async () => {
  const ended = await beginIn({}, 'cli/sluice.ts', '--json', '--pipeline', 'nope', 'runs').ended;
  const { error, ...rest } = lastLine(ended);
  assert.match(String(error), /^there is no pipeline "nope": expected one of .*carmila/);
  assert.deepEqual(rest, { code: 'PIPELINE_UNKNOWN' });
});

test('a checkout under spaces, accents and a percent sign starts, and finds relative paths from its caller', async () => {
  const checkout = join(root, 'un dossier é%20');
  for (const room of ROOMS) cpSync(join(ROOT, room), join(checkout, room), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  const place = { root: checkout, workingFolder: checkout, env: { INIT_CWD: root } };
  const ended = await start(place, '--drive', 'drive', '--data', 'données %41', '--once', '--json').ended;
  assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  assert.equal(ended.stdout.trimEnd().split('\n').length, 1, 'with --json all else goes to stderr');
  assert.equal(lastLine(ended).outcome, 'published');
  assert.match(ended.stderr, /^starting the mesh over /, 'the first line comes before anything is loaded');
  assert.match(ended.stderr, /the first run trains a model for each week/);
  assert.match(ended.stderr, /npm run sluice -- --data '.*données %41' runs/);
  const query = ['--data', 'données %41', 'SELECT COUNT(*) AS rows FROM carmila_data.predictions_carmila'];
  assert.match((await beginIn(place, 'cli/query.ts', ...query).ended).stdout, /\{"rows":172\}/);
});

test('a mesh that was killed is started again although its process id is in use, and a second start is refused', async () => {
  mkdirSync(data, { recursive: true });
  const stale = { endpoint: 'http://127.0.0.1:1', pid: process.pid };
  writeFileSync(join(data, 'running.json'), JSON.stringify(stale));
  const mesh = start({}, ...over());
  try {
    await printed(mesh, /watching .* Ctrl-C ends/);
    assertRefused(
      await start({}, ...over(), '--once').ended,
      /a mesh is running over .* already \(process \d+\)/,
    );
  } finally {
    mesh.child.kill('SIGTERM');
  }
  const ended = await mesh.ended;
  assert.equal(ended.code, 0, 'it was idle: to be ended is no failure');
  assert.match(ended.stderr, /^SIGTERM: ending the mesh/);
});

test('a signal while the mesh opens, or while its job runs, ends it with one sentence and the code of the signal', async () => {
  const where = over(join(root, 'signals'));
  const opening = start({}, ...where);
  await printed(opening, /opening the local cloud/);
  opening.child.kill('SIGTERM');
  const cut = await opening.ended;
  assert.equal(cut.code, 143, cut.stdout + cut.stderr);
  assert.match(String(lastLine(cut).reason), /^ended by SIGTERM before the mesh was idle/);

  const running = start({}, ...where);
  await printed(running, /Attempt 1 started|sweep-runs/);
  running.child.kill('SIGINT');
  assert.equal((await running.ended).code, 130);
  const next = await start({}, ...where, '--once').ended;
  assert.equal(next.code, 0, next.stdout + next.stderr);
});

test('a reader of the output that leaves ends the mesh, without a word of a broken pipe', async () => {
  const mesh = start({}, ...over(join(root, 'pipe')));
  await printed(mesh, /starting the mesh/);
  mesh.child.stdout?.destroy();
  const { code, stderr } = await mesh.ended;
  assert.deepEqual([code, stderr], [141, '']);
});

test('while the newest run failed, a start over the unchanged folder fails, and says what to type', async () => {
  const where = over(join(root, 'failed'), folderOf('bad', withFlux(['A1', '2025-01-01', 'fermé'])));
  assert.equal((await start({}, ...where, '--once').ended).code, 1);
  const again = await start({}, ...where, '--once').ended;
  assert.equal(again.code, 1, again.stdout);
  const { outcome, reason } = lastLine(again);
  assert.equal(outcome, 'failed');
  assert.match(String(reason), /The source is unchanged; run \S+ ended as failed: .*fermé/);
  assert.match(
    again.stdout,
    /type: npm run sluice -- --data \S+ run --force --reason "the cause is removed"/,
  );
});

/** A shell in a mount namespace of its own: it mounts a small disk at `$1`, and becomes what follows. */
const onDisk = (folder: string, mount: string): readonly string[] => {
  mkdirSync(folder, { recursive: true });
  return ['unshare', '--mount', 'sh', '-c', `${mount}; shift; exec "$@"`, 'sh', folder];
};
const mounts = spawnSync('unshare', ['--mount', 'true']).status === 0;
const skip = mounts ? false : 'this user may not mount a disk in a namespace (unshare --mount)';
const SMALL = 'mount -t tmpfs -o size=2m tmpfs "$1"';

test('a full disk is reported in one sentence', { skip }, async () => {
  const disk = join(root, 'full');
  const ended = await start({ through: onDisk(disk, SMALL) }, ...over(join(disk, 'data')), '--once').ended;
  assertRefused(
    ended,
    /the disk of .*data is full: \d MB are free and the mesh needs 100 MB; free some space/,
  );
});

test('a read-only disk is reported in one sentence', { skip }, async () => {
  const disk = join(root, 'read-only');
  const through = onDisk(disk, `${SMALL}; mount -o remount,ro "$1"`);
  const ended = await start({ through }, ...over(join(disk, 'data')), '--once').ended;
  assertRefused(ended, /data cannot be written \(EROFS.*name another folder with --data/);
});

test('a disk that fills while the mesh runs ends it in one sentence', { skip }, async () => {
  const disk = join(root, 'filling');
  // The mesh is idle by the time the last line of its whereabouts is printed.
  const fill =
    '(until [ -e "$1/fill" ]; do sleep 1; done; head -c 200m /dev/zero > "$1/filler") 2>/dev/null &';
  const through = onDisk(disk, `mount -t tmpfs -o size=120m tmpfs "$1"; ${fill} :`);
  const mesh = start({ through }, ...over(join(disk, 'data')));
  await printed(mesh, /watching .* Ctrl-C ends/);
  // Made inside the namespace, by way of the mesh's own process.
  writeFileSync(`/proc/${mesh.child.pid}/root${disk}/fill`, '');
  const ended = await mesh.ended;
  assert.equal(ended.code, 1, ended.stdout + ended.stderr);
  assert.match(String(lastLine(ended).reason), /the disk of .* is full: \d MB are free/);
});

async function printed({ stdout, ended }: Running, expected: RegExp): Promise<void> {
  let over = false;
  void ended.then(() => (over = true));
  const what = () => `${expected} to be printed:\n${stdout()}`;
  await until(what, () => {
    if (expected.test(stdout())) return true;
    return over ? assert.fail(`the command ended before ${what()}`) : undefined;
  });
}
