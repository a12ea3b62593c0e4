// The commands are quick: what declares them loads no client, no embedded cloud and no schema before a verb is called.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closureOf } from './closure.ts';

const LIGHT = [/^cli\//, /^shared\/errors\.ts$/, /^local\/state\/private-folder\.ts$/];
const LIGHT_LIBRARIES = ['commander', 'cli-table3'];

test('sluice --help loads the declarations of the verbs, and nothing heavy', () => {
  const { files, libraries } = closureOf('cli/sluice.ts');
  assert.ok(files.includes('cli/verbs/status.ts'));
  assert.deepEqual(
    files.filter((file) => LIGHT.every((light) => !light.test(file)) || file.startsWith('cli/actions/')),
    [],
  );
  assert.deepEqual(
    libraries.filter((library) => !library.startsWith('node:') && !LIGHT_LIBRARIES.includes(library)),
    [],
  );
});
