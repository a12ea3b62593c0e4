// Every file of the tree keeps to the house's style; each rule is seen to fail as well.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OUTCOMES } from '../../shared/runs/outcome.ts';
import { readSources, ROOT } from './sources.ts';
import {
  everyFileSaysWhatItIsFor,
  noFileIsNamedAfterNothing,
  noFileIsTooLong,
  noFunctionIsTooLong,
  noPathOfAFileFromAUrl,
  noPathOfAMachine,
  nothingIsSwitchedOffOrUnfinished,
  onlyTypesThatCanBeStripped,
} from './style.ts';
import type { Rule } from './walls.ts';

const sources = readSources();

interface Habit {
  readonly says: string;
  readonly rule: Rule;
  readonly broken: readonly (readonly [string, string])[];
  readonly kept: readonly (readonly [string, string])[];
}

const machine = (rest: string) => `'/${rest}'`;

const HABITS: readonly Habit[] = [
  {
    says: 'no file is longer than 300 lines',
    rule: noFileIsTooLong,
    broken: [
      ['shared/long.ts', 'x\n'.repeat(301)],
      ['test/unit/long.test.ts', 'x\n'.repeat(301)],
    ],
    kept: [
      ['shared/short.ts', 'x\n'.repeat(300)],
      ['test/unit/short.test.ts', 'x\n'.repeat(300)],
    ],
  },
  {
    says: 'no function is longer than 70 lines',
    rule: noFunctionIsTooLong,
    broken: [
      ['shared/a.ts', `export function long() {\n${'x();\n'.repeat(69)}}`],
      ['shared/a.ts', `const long = () => {\n${'// A comment, or nothing.\n\n'.repeat(35)}};`],
      ['shared/a.ts', `class A {\n  get long() {\n${'x();\n'.repeat(69)}  }\n}`],
      ['test/a.test.ts', `describe('a', () => {\ntest('b', () => {\n${'x();\n'.repeat(69)}});\n});`],
    ],
    kept: [
      ['shared/a.ts', `export function short() {\n${'x();\n'.repeat(68)}}`],
      ['shared/a.ts', `/**\n${' * Words.\n'.repeat(10)} */\nfunction short() {\n${'x();\n'.repeat(68)}}`],
      ['shared/a.ts', `class Long {\n${'  a() {}\n'.repeat(100)}}`],
      ['test/a.test.ts', `describe('a', () => {\n${`test('b', () => {});\n`.repeat(100)}});`],
    ],
  },
  {
    says: 'every file opens with one sentence that says what it is for',
    rule: everyFileSaysWhatItIsFor,
    broken: [
      ['a.ts', `import x from 'x';\n// Too late for a sentence.\n`],
      ['a.ts', `// no end\nconst x = 1;\n`],
      ['a.ts', `/* Another form of comment. */\n`],
      ['a.ts', ''],
    ],
    kept: [
      ['a.ts', `// A file that says what it is for.\nconst x = 1;\n`],
      ['a.ts', `#!/usr/bin/env node\n// A program that says what it is for.\n`],
      ['a.ts', `// A sentence that runs over\n// two lines.\n\nconst x = 1;\n`],
    ],
  },
  {
    says: 'no file or folder is named after nothing',
    rule: noFileIsNamedAfterNothing,
    broken: [
      ['shared/utils.ts', ''],
      ['shared/date-helpers.ts', ''],
      ['shared/common/errors.ts', ''],
      ['local/lease-manager.ts', ''],
    ],
    kept: [['shared/runs/lease.ts', '']],
  },
  {
    says: 'no file names a path of the machine that it was written on',
    rule: noPathOfAMachine,
    broken: [
      ['a.ts', `const folder = ${machine('work/main')};`],
      ['a.ts', `const folder = ${machine('root')};`],
      ['a.ts', `const folder = ${machine('home/somebody')};`],
    ],
    kept: [
      ['a.ts', 'const name = `${folder}/work/x`;'],
      ['a.ts', `import x from '../work/x.ts';`],
    ],
  },
  {
    says: 'no path of a file comes from a URL, where a space is %20',
    rule: noPathOfAFileFromAUrl,
    broken: [
      ['a.ts', `const here = new URL('..', import.meta${'.url'}).path${'name'};`],
      ['a.ts', `const here = new URL('..', import.meta${'.url'});\nrun(here.path${'name'});`],
    ],
    kept: [
      ['a.ts', `const here = fileURLToPath(new URL('..', import.meta${'.url'}));`],
      ['a.ts', `const path = new URL(request.url).path${'name'};`],
    ],
  },
  {
    says: 'no rule is switched off, and nothing is left for later',
    rule: nothingIsSwitchedOffOrUnfinished,
    broken: [
      ['a.ts', `// eslint-${'disable'}-next-line`],
      ['a.ts', `// TO${'DO'}: later`],
    ],
    kept: [['a.ts', '// Nothing is left to do.']],
  },
  {
    says: 'no file holds what Node cannot strip, or any',
    rule: onlyTypesThatCanBeStripped,
    broken: [
      ['a.ts', 'enum Colour { Red }'],
      ['a.ts', 'namespace Rooms { export const one = 1; }'],
      ['a.ts', 'const x: any = 1;'],
    ],
    kept: [
      ['a.ts', `declare module 'fastify' { interface FastifyRequest { caller: string } }`],
      ['a.ts', 'const any = 1;'],
    ],
  },
];

for (const { says, rule, broken, kept } of HABITS) {
  test(says, () => assert.deepEqual(rule(sources), []));

  test(`... and a file that breaks it is found: ${says}`, () => {
    for (const [path, text] of broken) assert.equal(rule([{ path, text }]).length, 1, `${path}: ${text}`);
    for (const [path, text] of kept) assert.deepEqual(rule([{ path, text }]), [], `${path}: ${text}`);
  });
}

// They hold no service of Google's: the kernel of HTTP and state, the sample, and what wires the services.
const NO_SERVICE = new Set(['http', 'state', 'sample', 'provision']);

test('every local service says in its README what is supported and what differs', () => {
  const services = readdirSync(join(ROOT, 'local'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_SERVICE.has(entry.name))
    .map(({ name }) => name);
  assert.ok(services.length >= 9, `found only ${services.join(', ')}`);
  for (const service of services) {
    const readme = join(ROOT, 'local', service, 'README.md');
    assert.ok(existsSync(readme), `local/${service} has no README.md`);
    const text = readFileSync(readme, 'utf8').toLowerCase();
    for (const word of ['supported', 'differ', 'unknown']) {
      assert.ok(text.includes(word), `local/${service}/README.md says nothing of "${word}"`);
    }
  }
});

test('the outcomes are the closed list of the glossary', () => {
  const glossary =
    'published no-change waiting-incomplete waiting-settling paused queued superseded held quarantined failed cancelled expired rejected dead-lettered';
  assert.deepEqual([...OUTCOMES], glossary.split(' '));
});
