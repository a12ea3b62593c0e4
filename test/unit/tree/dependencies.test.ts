// docs/DEPENDENCIES.md says of every direct dependency why it is here; and none is here for nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { importsOf, readSources } from '../../architecture/sources.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;
const direct = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
const page = read('docs/DEPENDENCIES.md');

// Programs and their rules: npm scripts call them, and no file imports them.
const TOOLS = new Set([
  '@secretlint/secretlint-rule-pattern',
  '@secretlint/secretlint-rule-preset-recommend',
  '@types/node',
  '@types/pdfkit',
  'node',
  'oxfmt',
  'oxlint',
  'oxlint-tsgolint',
  'secretlint',
  'typescript',
]);

test('every direct dependency is named on the page', () => {
  assert.deepEqual(
    direct.filter((name) => !page.includes(`\`${name}\``)),
    [],
  );
});

test('the table of libraries names no removed library', () => {
  const [table = ''] = page.split('For development:');
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, n]) => n),
  );
  assert.deepEqual(
    named.filter((name) => name !== undefined && !direct.includes(name)),
    [],
  );
});

test('every direct dependency is imported, or is a tool that an npm script calls', () => {
  const imported = new Set(readSources().flatMap((source) => importsOf(source)));
  const isImported = (name: string) =>
    [...imported].some((specifier) => specifier === name || specifier.startsWith(`${name}/`));
  assert.deepEqual(
    direct.filter((name) => !TOOLS.has(name) && !isImported(name)),
    [],
  );
});

test('every version is pinned, so that two machines install the same', () => {
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
  }
});
