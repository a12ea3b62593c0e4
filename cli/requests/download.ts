// Downloads a result by its signed link into a file, or onto the terminal.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { TransientError } from '../../shared/errors.ts';

const LONGEST_MS = 10 * 60 * 1000;

/** The file is there when all of it is. */
export async function downloaded(link: string, file: string, get: typeof fetch = fetch): Promise<void> {
  const answer = await get(link, { signal: AbortSignal.timeout(LONGEST_MS) });
  if (!answer.ok || answer.body === null)
    throw new TransientError(
      `the link to the result answered ${answer.status}; repeat the command for a new link`,
    );
  const part = `${file}.part`;
  try {
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
