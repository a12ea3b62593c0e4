// Whether the disk has room for a mesh: asked before it opens, and again and again while it runs.
import { statfsSync } from 'node:fs';
import { ConfigurationError } from '../shared/errors.ts';

const MB = 1024 * 1024;
// The first run over the sample writes about 50 MB.
const LEAST_TO_OPEN_BYTES = 100 * MB;
const LEAST_TO_RUN_BYTES = 8 * MB;
const POLL_MS = 1_000;

/** Throws ConfigurationError when the folder's disk has too little room to open a mesh. */
export function requireRoom(folder: string): void {
  const freeBytes = roomIn(folder);
  if (freeBytes < LEAST_TO_OPEN_BYTES) throw new ConfigurationError(tooLittle(folder, freeBytes));
}

/** Calls `full` with a sentence, once, when the disk is nearly full; gives what ends the looking. */
export function watchRoom(folder: string, full: (sentence: string) => void): () => void {
  const timer = setInterval(() => {
    const freeBytes = roomIn(folder);
    if (freeBytes >= LEAST_TO_RUN_BYTES) return;
    clearInterval(timer);
    full(tooLittle(folder, freeBytes));
  }, POLL_MS);
  return () => clearInterval(timer);
}

function roomIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

const tooLittle = (folder: string, freeBytes: number): string =>
  `the disk of ${folder} is full: ${Math.floor(freeBytes / MB)} MB are free and the mesh needs ` +
  `${LEAST_TO_OPEN_BYTES / MB} MB; free some space, or name a folder on another disk with --data`;
