// No test is left out: npm test runs every file of tests, and those that share one process may share it.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

const found = (pattern: string): readonly string[] => globSync(pattern, { cwd: ROOT });

/** The files that an npm script names to `node --test`. */
function filesOf(script: string): readonly string[] {
  const [, pattern = ''] = /node --test .*"(test\/[^"]+)"$/.exec(scripts[script] ?? '') ?? [];
  return found(pattern);
}

test('npm test runs every file of tests, each once', () => {
  assert.match(scripts['test'] ?? '', /npm run check:tests/);
  assert.match(scripts['check:tests'] ?? '', /^npm run check:units && /);
  const run = [...filesOf('check:units'), ...filesOf('check:tests')];
  assert.ok(run.length > 200);
  assert.deepEqual(run.toSorted(), found('test/**/*.test.ts').toSorted());
});

test('a file that shares its process has no hook that would run around the tests of another one', () => {
  const around = filesOf('check:units').filter((file) =>
    /^(beforeEach|afterEach)\(|process\.chdir|mock\.(timers|module)/m.test(
      readFileSync(`${ROOT}${file}`, 'utf8'),
    ),
  );
  assert.deepEqual(around, []);
});
