// Files of tests that share a process: one that fails is named, and none disturbs the next one.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { LONGEST_PROCESS_MS } from '../../waiting.ts';

const TOGETHER = new URL('../../together.ts', import.meta.url).href;
const PASSES = `import { test } from 'node:test'; test('the last one', () => {});`;

/** Runs the files in one process, in this order, and gives how it ended, which names failed, and what was printed. */
function run(t: TestContext, files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'together-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const paths = JSON.stringify(Object.keys(files).map((name) => join(folder, name)));
  const group = join(folder, 'group.mjs');
  writeFileSync(group, `import { oneByOne } from '${TOGETHER}'; await oneByOne(${paths}, 300);`);
  const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', group], {
    encoding: 'utf8',
    timeout: LONGEST_PROCESS_MS,
    // Without the variable of the runner: the child is a runner too.
    env: { PATH: process.env.PATH, FOUND: 'by the first' },
  });
  const failures = stdout.matchAll(/✖ .*?([\w-]+\.mjs|a test that fails)/g);
  return { status, stdout, failed: new Set([...failures].map(([, name]) => name)) };
}

test('hooks run around the tests of their own file only, and a file finds the environment unchanged', (t) => {
  const { status, stdout } = run(t, {
    'a.mjs': `import { after, before, beforeEach, test } from 'node:test'; import assert from 'node:assert/strict';
      const seen = [];
      before(() => { process.env.FOUND = 'changed'; process.env.MADE = 'here'; });
      beforeEach(({ name }) => seen.push(name));
      after(() => assert.deepEqual(seen, ['one', 'two']));
      test('one', () => {}); test('two', () => {});`,
    'b.mjs': `import { before, test } from 'node:test'; import assert from 'node:assert/strict';
      let ready = false;
      before(() => { ready = true; });
      test('three', () => assert.deepEqual([ready, process.env.FOUND, process.env.MADE], [true, 'by the first', undefined]));`,
  });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^ℹ tests 3$/m);
});

test('a test that fails and a file that cannot be loaded are named, and the next file is run', (t) => {
  const { status, failed, stdout } = run(t, {
    'fails.mjs': `import { test } from 'node:test'; test('a test that fails', () => { throw new Error('as it should'); });`,
    'unreadable.mjs': `import './nowhere.mjs';`,
    'passes.mjs': PASSES,
  });
  assert.equal(status, 1, stdout);
  for (const name of ['fails.mjs', 'a test that fails', 'unreadable.mjs'])
    assert.ok(failed.has(name), stdout);
  assert.match(stdout, /✔ the last one/);
});

for (const [what, leaves] of [
  ['a server', `createServer().listen(0, '127.0.0.1', done)`],
  ['a process', `(spawn('sleep', ['60'], { stdio: 'ignore' }), done())`],
  ['a timer', `(setInterval(() => {}, 1000), done())`],
]) {
  test(`a file that leaves ${what} open fails by its name, and the process ends`, (t) => {
    const { status, failed, stdout } = run(t, {
      'leaves.mjs': `import { test } from 'node:test'; import { createServer } from 'node:http'; import { spawn } from 'node:child_process';
        test('passes', (_, done) => { ${leaves}; });`,
      'passes.mjs': PASSES,
    });
    assert.equal(status, 1, stdout);
    assert.deepEqual(failed, new Set(['leaves.mjs']), stdout);
    assert.match(stdout, /left something open/);
    assert.match(stdout, /✔ the last one/);
  });
}
