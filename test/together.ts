// Runs files of tests in one process, one after the other: what they all import is loaded once.
// Each file is a suite of its name, so its hooks are its own, and a failure names it.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, suite } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { APART } from './apart.ts';
import { filesLike } from './test-files.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** What a file closes in its last hook may take a moment to be gone; then a process is ended that it would keep alive. */
const LONGEST_CLOSING_MS = 60_000;
const PAUSE_MS = 20;

/** Runs the files of all patterns. */
export const together = (...patterns: readonly string[]): Promise<void> =>
  oneByOne(patterns.flatMap(filesLike).filter((file) => !APART.has(file)));

/** Runs the files, whose paths begin at the root of the tree. One that cannot be loaded fails, and the next one follows. */
export async function oneByOne(
  files: readonly string[],
  longestClosingMs = LONGEST_CLOSING_MS,
): Promise<void> {
  // Each opens when it is first asked for, and stays.
  for (const { fd } of [process.stdin, process.stdout, process.stderr]) assert.ok(fd >= 0);
  const atFirst = open();
  for (const file of files) await inItsSuite(file, longestClosingMs);
  // The suite of the file has reported it.
  if (openedSince(atFirst).length > 0) setTimeout(() => process.exit(1), longestClosingMs);
}

/** A file finds the environment of the process as the first one found it, and leaves nothing open to the next one. */
async function inItsSuite(file: string, longestClosingMs: number): Promise<void> {
  const env = { ...process.env };
  const atFirst = open();
  await suite(file, async () => {
    await import(pathToFileURL(resolve(ROOT, file)).href);
    // After the hooks of the file, which were added before.
    after(() => nothingIsLeftOpen(atFirst, longestClosingMs));
  });
  for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
}

/** How many there are of each kind of what keeps a process alive: servers, processes, timers … */
function open(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

const openedSince = (atFirst: ReadonlyMap<string, number>): readonly string[] =>
  [...open()].flatMap(([kind, count]) => {
    const more = count - (atFirst.get(kind) ?? 0);
    return more > 0 ? [`${more} ${kind}`] : [];
  });

async function nothingIsLeftOpen(atFirst: ReadonlyMap<string, number>, longestMs: number): Promise<void> {
  const deadlineMs = performance.now() + longestMs;
  while (openedSince(atFirst).length > 0 && performance.now() < deadlineMs) await pause(PAUSE_MS);
  assert.deepEqual(openedSince(atFirst), [], 'the tests of this file left something open');
}
