// The example of .env: it names every variable that a command reads, and gives no value to any.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { targetVariables } from '../../../cli/options.ts';

const ROOT = new URL('../../../', import.meta.url);
const lines = readFileSync(new URL('.env.example', ROOT), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const named = lines.map((line) => line.replace(/=.*/, ''));

/** What the commands' own code reads, besides what an option may be had from. */
function readByCommands(): readonly string[] {
  const folder = new URL('cli/', ROOT);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/process\.env\.([A-Z_]+)/g)].map(
      ([, name = '']) => name,
    ),
  );
}

test('names every variable that a command reads, and no other', () => {
  // The last is read by Google's own authentication.
  const read = new Set([...targetVariables, ...readByCommands(), 'GOOGLE_APPLICATION_CREDENTIALS']);
  assert.deepEqual(named.toSorted(), [...read].sort());
});

test('gives no value', () => {
  assert.deepEqual(
    lines,
    named.map((name) => `${name}=`),
  );
});

/** Runs a command as npm does, with these variables and none of this process's own. */
const asked = (command: string, env: Record<string, string>) =>
  spawnSync(process.execPath, [`cli/${command}.ts`, ...(command === 'query' ? ['SELECT 1'] : ['status'])], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  });

test('a copy that is left empty says nothing: the command works on the local cloud', () => {
  const empty = Object.fromEntries(named.map((name) => [name, '']));
  const { stderr, status } = asked('query', { ...empty, SLUICE_DATA: '.sluice/nobody-was-here' });
  assert.match(stderr, /nothing has run over .*nobody-was-here yet/);
  assert.equal(status, 1);
});

test('a project, a region and a location that are none are reported at once, before any call', () => {
  const wrong = { SLUICE_PROJECT: 'My Project', SLUICE_REGION: 'europe-west', SLUICE_LOCATION: 'Europe' };
  for (const command of ['query', 'sluice']) {
    const { stderr, status } = asked(command, wrong);
    for (const [option, value] of [
      ['--project', 'My Project'],
      ['--region', 'europe-west'],
      ['--location', 'Europe'],
    ]) {
      assert.match(stderr, new RegExp(`^ *${option}: found "${value}"; expected `, 'm'));
    }
    assert.notEqual(status, 0);
  }
});
