// The mesh's tests hold with every delivery doubled, and with every event lost: here the main story; for all of
// them, `npm run check:deliveries`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LONGEST_PROCESS_MS } from '../waiting.ts';

const STORY = fileURLToPath(new URL('carmila/happy-path.test.ts', import.meta.url));

for (const [mode, how] of [
  ['twice', 'every message and event delivered twice'],
  ['never', 'every event lost, and sweeps in their place'],
] as const) {
  test(`from a folder of workbooks to rows, with ${how}`, async () => {
    const child = spawn(process.execPath, ['--test', '--test-reporter=tap', STORY], {
      // Without the runner's own variable: the child is a runner too.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, MESH_DELIVERIES: mode },
      timeout: LONGEST_PROCESS_MS,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    for await (const chunk of child.stdout) printed += String(chunk);
    assert.match(printed, /^# pass [1-9]/m, printed);
    assert.match(printed, /^# fail 0$/m, printed);
  });
}
