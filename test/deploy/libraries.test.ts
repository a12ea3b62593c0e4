// The bundled libraries of a local function: made once, and each with the exports of what is installed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LIBRARIES } from '../../cli/libraries/bundle.ts';
import { libraryOptions } from '../../cli/libraries/kept.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'libraries-'));
let options: readonly string[];
before(async () => {
  options = await libraryOptions(folder);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** From where a process loads each library, and the names of its exports. */
function loaded(given: readonly string[]): Readonly<Record<string, { from: string; names: string[] }>> {
  const program = `
    const loaded = {};
    for (const name of ${JSON.stringify(LIBRARIES)}) {
      const names = Object.keys(await import(name)).filter((each) => !/^(__esModule|module.exports)$/.test(each));
      loaded[name] = { from: import.meta.resolve(name), names: names.sort() };
    }
    console.log(JSON.stringify(loaded));`;
  const words = [...given, '--input-type=module', '--eval', program];
  const text = execFileSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' });
  return JSON.parse(text) as ReturnType<typeof loaded>;
}

test('a process with the options loads every library from its bundle, with the exports of the library', () => {
  const [bundled, installed] = [loaded(options), loaded([])];
  for (const name of LIBRARIES) {
    assert.ok(bundled[name]?.from.startsWith(pathToFileURL(folder).href), `${name}: ${bundled[name]?.from}`);
    assert.match(installed[name]?.from ?? '', /\/node_modules\//);
    assert.deepEqual(bundled[name]?.names, installed[name]?.names, name);
  }
});

test('the bundles are made once', async () => {
  const kept = readdirSync(folder);
  assert.deepEqual(await libraryOptions(folder), options);
  assert.deepEqual(readdirSync(folder), kept);
  assert.equal(kept.length, 1);
});

test('where nothing can be kept, a process loads the libraries as they are installed', async () => {
  const taken = join(folder, 'taken');
  writeFileSync(taken, '');
  assert.deepEqual(await libraryOptions(taken), []);
  rmSync(taken);
});
