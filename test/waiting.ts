// How long a test waits before it fails: the bounds of all waits, with room for a machine many times slower than ours.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

/** For a state that another process or the local cloud reaches; on an idle machine none takes half a minute. */
export const LONGEST_WAIT_MS = 10 * 60_000;
/** For a process that a test starts, such as a command or a file of tests; none takes three minutes. */
export const LONGEST_PROCESS_MS = 30 * 60_000;
// At first often: most waits are short. Then less: each poll asks the cloud, which has work to do meanwhile.
const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 200;

/** Polls `check` until it gives something, and gives that. Fails by the name of `what` at the bound. `between` is called between two polls. */
export async function until<T>(
  what: string | (() => string),
  check: () => Promise<T | undefined> | T | undefined,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<T> {
  const startMs = performance.now();
  const deadlineMs = startMs + LONGEST_WAIT_MS;
  while (performance.now() < deadlineMs) {
    const found = await check();
    if (found !== undefined) return found;
    await between();
    const waitedMs = performance.now() - startMs;
    await pause(Math.min(Math.max(waitedMs / 10, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS));
  }
  return assert.fail(
    `waited ${LONGEST_WAIT_MS / 60_000} minutes for ${typeof what === 'string' ? what : what()}`,
  );
}
