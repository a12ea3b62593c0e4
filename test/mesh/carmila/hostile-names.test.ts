// Hostile names of files and sheets through the real commands: on a pipe and on a terminal, none of them is carried out.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { workbook } from '../../jobs/forecast/workbooks.ts';
import { lastLine, run, type Ended } from '../commands.ts';
import { good, OPENINGS } from '../folders.ts';
import { NO_LIBRARY } from '../start-mesh.ts';

const ESC = String.fromCharCode(0x1b);
/** Sets the title, clears the screen, beeps, turns the text around, and hides a letter. */
const HOSTILE = `${ESC}]0;PWNED${String.fromCharCode(7)}${ESC}[2J\u202e\u200b\u009b2J`;
/** Colours, and what log-update erases and moves with. */
const OWN = new RegExp(`${ESC}\\[(?:\\d{1,2}m|\\d*[AGK]|\\?(?:25|2026)[hl])`, 'g');
const HIDDEN = /[^\P{C}\n\t]|[\u2028\u2029]/u;

const root = mkdtempSync(join(tmpdir(), 'hostile-'));
const [drive, data] = [join(root, 'drive'), join(root, 'data')];
const on = ['--data', data];
let first: Ended;

/** A census whose name, sheet and header all carry the text, and which cannot be used: the refusal names it. */
before(async () => {
  mkdirSync(drive, { recursive: true });
  const bad = workbook([{ name: 'Feuil\u202e\u200b', rows: [[HOSTILE, 'b'], ['c']] }]);
  const files = good({ [OPENINGS]: undefined, [`Recensement OE 2024${HOSTILE}.xlsx`]: bad });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(drive, name), bytes);
  first = await run('start', '--drive', drive, ...on, '--once', '--trace');
});
after(() => rmSync(root, { recursive: true, force: true }));

/** The commands colour a pipe as well where the environment says that it is CI. */
function assertHarmless({ stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): void {
  assert.doesNotMatch(stdout.replace(OWN, ''), HIDDEN);
  assert.doesNotMatch(stderr.replace(OWN, ''), HIDDEN);
}

test('npm start names the file, and prints none of its control characters', () => {
  assertHarmless(first);
  assert.match(first.stdout, /OE 2024.*PWNED/);
  const { outcome, reason } = lastLine(first);
  assert.equal(outcome, 'failed');
  assert.match(String(reason), /PWNED/);
});

for (const words of [
  ['runs'],
  ['status'],
  ['audit'],
  ['dead-letters', 'list'],
  ['--json', 'runs'],
  ['--json', 'status'],
]) {
  test(`sluice ${words.join(' ')} prints none of them`, async () => {
    assertHarmless(await run('sluice', ...on, ...words));
  });
}

test('a row of a query and an error are harmless as well', async () => {
  const row = await run('query', ...on, `SELECT '${HOSTILE}' AS cell`);
  assertHarmless(row);
  assert.deepEqual(lastLine(row), { cell: HOSTILE });
  const wrong = await run('query', ...on, `SELECT ${HOSTILE}`);
  assert.equal(wrong.code, 1);
  assertHarmless(wrong);
  assertHarmless(await run('sluice', ...on, 'run', HOSTILE));
});

const hasScript = spawnSync('script', ['--version']).status === 0;
test(
  'on a terminal nothing but its own colours and movements is printed',
  { skip: hasScript ? false : 'script (bsdutils) is not installed: apt-get install bsdutils' },
  async () => {
    const cli = fileURLToPath(new URL('../../../cli/', import.meta.url));
    for (const words of [
      ['start.ts', '--drive', drive, ...on, '--once', '--trace'],
      ['sluice.ts', ...on, 'runs'],
      ['sluice.ts', ...on, 'status'],
    ]) {
      const [name = '', ...rest] = words;
      const command = [process.execPath, join(cli, name), ...rest].map((word) => `'${word}'`).join(' ');
      const child = spawn('script', ['-qec', `stty cols 200 rows 50; ${command}`, '/dev/null'], {
        cwd: tmpdir(),
        env: { ...process.env, XGBOOST_LIBRARY: NO_LIBRARY, TERM: 'xterm-256color', FORCE_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await once(child, 'close');
      assert.match(text, /PWNED/, `${name} names the file`);
      // A terminal's line ends with a return.
      assert.doesNotMatch(text.replaceAll('\r\n', '\n').replaceAll(OWN, ''), HIDDEN);
    }
  },
);
