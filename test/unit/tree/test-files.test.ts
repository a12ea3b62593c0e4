// No test is left out: npm test runs every file of tests, once, and those that share one process may share it.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { APART } from '../../apart.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');
const { scripts } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

const found = (pattern: string): readonly string[] => globSync(pattern, { cwd: ROOT });

/** The files that an npm script names to `node --test`; for a group, those that it runs. */
function filesOf(script: string): readonly string[] {
  const [, named = ''] = /node --test (.*)$/.exec(scripts[script] ?? '') ?? [];
  const files = [...named.matchAll(/"(test\/[^"]+)"/g)].flatMap(([, pattern = '']) => found(pattern));
  return files.flatMap((file) => (file.startsWith('test/groups/') ? filesOfGroup(file) : [file]));
}

function filesOfGroup(group: string): readonly string[] {
  const [, named = ''] = /^await together\(([\s\S]*?)\);$/m.exec(read(group)) ?? [];
  const files = [...named.matchAll(/'(test\/[^']+)'/g)].flatMap(([, pattern = '']) => found(pattern));
  assert.ok(files.length > 0, `${group} names no file`);
  return files.filter((file) => !APART.has(file));
}

test('npm test runs every file of tests, each once', () => {
  assert.match(scripts['test'] ?? '', /npm run check:tests/);
  assert.match(scripts['check:tests'] ?? '', /^npm run check:units && /);
  const run = [...filesOf('check:units'), ...filesOf('check:tests')];
  assert.ok(run.length > 200);
  assert.deepEqual(run.toSorted(), found('test/**/*.test.ts').toSorted());
});

test('each file that stands apart is there', () => {
  for (const file of APART) assert.ok(found('test/**/*.test.ts').includes(file), file);
});

test('a file of the units has no hook that would run around the tests of another one', () => {
  const around = filesOf('check:units').filter((file) =>
    /^(beforeEach|afterEach)\(|process\.chdir|mock\.(timers|module)/m.test(read(file)),
  );
  assert.deepEqual(around, []);
});

test('a file of a group changes nothing of the process that outlives it', () => {
  const around = found('test/groups/*.ts')
    .flatMap(filesOfGroup)
    .filter((file) =>
      /process\.chdir|process\.exitCode =|setGlobalDispatcher|mock\.(timers|module)/.test(read(file)),
    );
  assert.deepEqual(around, []);
});

test('what several files of tests import adds no hook as it is loaded: it would be that of the first one', () => {
  const shared = found('test/{deploy,jobs,local,mesh,ports}/**/*.ts').filter(
    (file) => !file.endsWith('.test.ts'),
  );
  assert.ok(shared.length > 50);
  assert.deepEqual(
    shared.filter((file) => /^(before|after|beforeEach|afterEach)\(/m.test(read(file))),
    [],
  );
});
