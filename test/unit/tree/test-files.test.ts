// No test is left out: npm test runs every file of tests, once, and those that share one process may share it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { APART } from '../../apart.ts';
import { filesAlone, filesLike, filesOfGroup, GROUPS, UNITS } from '../../test-files.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');
const { scripts } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

test('npm test runs every file of tests, each once', () => {
  for (const script of ['check:units', 'check:tests'])
    assert.ok(scripts['test']?.includes(`"npm run ${script}"`), script);
  assert.match(
    scripts['check:units'] ?? '',
    /node --test .*"test\/\{architecture,unit\}\/\*\*\/\*\.test\.ts"$/,
  );
  assert.match(scripts['check:tests'] ?? '', / node test\/all\.ts$/);
  const run = [...UNITS, ...GROUPS.flatMap(filesOfGroup), ...filesAlone()];
  assert.ok(UNITS.length > 100 && filesAlone().length > 5);
  assert.deepEqual(run.toSorted(), filesLike('test/**/*.test.ts'));
});

test('each file that stands apart has a process of its own', () => {
  for (const file of APART) assert.ok(filesAlone().includes(file), file);
});

test('a file of the units has no hook that would run around the tests of another one', () => {
  const around = UNITS.filter((file) =>
    /^(beforeEach|afterEach)\(|process\.chdir|mock\.(timers|module)/m.test(read(file)),
  );
  assert.deepEqual(around, []);
});

test('a file of a group changes nothing of the process that outlives it', () => {
  const around = GROUPS.flatMap(filesOfGroup).filter((file) =>
    /process\.chdir|process\.exitCode =|setGlobalDispatcher|mock\.(timers|module)/.test(read(file)),
  );
  assert.deepEqual(around, []);
});

test('what several files of tests import adds no hook as it is loaded: it would be that of the first one', () => {
  const shared = filesLike('test/{deploy,jobs,local,mesh,ports}/**/*.ts').filter(
    (file) => !file.endsWith('.test.ts'),
  );
  assert.ok(shared.length > 50);
  assert.deepEqual(
    shared.filter((file) => /^(before|after|beforeEach|afterEach)\(/m.test(read(file))),
    [],
  );
});
