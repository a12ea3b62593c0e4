// A message whose publishing was acknowledged outlives a kill -9.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openState } from '../../../local/state/state.ts';
import { openPubSub, SUBSCRIPTION } from './open-pubsub.ts';

const KILLED_AFTER = 50;

test('a message whose id was given survives a kill -9 of the process', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pubsub-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'state.db');
  const program = fileURLToPath(new URL('publishing-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const reported: string[] = [];
  for await (const id of createInterface({ input: child.stdout })) {
    reported.push(id);
    if (reported.length === KILLED_AFTER) child.kill('SIGKILL');
  }
  assert.deepEqual(await exited, [null, 'SIGKILL']);
  const { pubsub, state, clock } = openPubSub(undefined, { state: openState(file) });
  clock.advance(Date.now() - clock.now());
  const held = new Set<string>();
  for (let page = await pubsub.pull(SUBSCRIPTION, 1000); page.length > 0;) {
    for (const { messageId } of page) held.add(messageId);
    page = await pubsub.pull(SUBSCRIPTION, 1000);
  }
  assert.ok(reported.length >= KILLED_AFTER);
  assert.deepEqual(
    reported.filter((id) => !held.has(id)),
    [],
  );
  state.close();
});
