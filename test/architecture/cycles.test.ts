// No files import each other in a circle, and the rule finds those that do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noFilesImportEachOther } from './cycles.ts';
import { readSources, type Source } from './sources.ts';

const files = (texts: Readonly<Record<string, string>>): readonly Source[] =>
  Object.entries(texts).map(([path, text]) => ({ path, text }));

test('no files import each other in a circle', () => {
  assert.deepEqual(noFilesImportEachOther(readSources()), []);
});

test('... and a circle is found, of values or of types, however long', () => {
  const two = files({
    'shared/a.ts': `import type { B } from './b.ts';`,
    'shared/b.ts': `import { a } from './a.ts';`,
  });
  assert.deepEqual(noFilesImportEachOther(two), [
    'a circle of imports: shared/a.ts → shared/b.ts → shared/a.ts',
  ]);
  const three = files({
    'shared/start.ts': `import { a } from './runs/a.ts';`,
    'shared/runs/a.ts': `export * from '../objects/b.ts';`,
    'shared/objects/b.ts': `const c = await import('./c.ts');`,
    'shared/objects/c.ts': `import '../runs/a.ts';`,
  });
  assert.equal(noFilesImportEachOther(three).length, 1);
  assert.match(noFilesImportEachOther(three)[0] ?? '', /runs\/a\.ts → .*b\.ts → .*c\.ts → .*runs\/a\.ts$/);
  assert.equal(noFilesImportEachOther(files({ 'a.ts': `import './a.ts';` })).length, 1);
});

test('... and two ways to one file are no circle', () => {
  const kept = files({
    'shared/a.ts': `import './b.ts';\nimport './c.ts';`,
    'shared/b.ts': `import './d.ts';`,
    'shared/c.ts': `import './d.ts';`,
    'shared/d.ts': `import 'node:path';`,
  });
  assert.deepEqual(noFilesImportEachOther(kept), []);
});
