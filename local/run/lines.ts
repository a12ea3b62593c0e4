// What a child process prints, line by line: kept in a bounded log file, and passed to the watcher.
import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const LARGEST_LOG_BYTES = 16 * 1024 * 1024;
const LONGEST_LINE = 64 * 1024;

export interface LineLog {
  /** Reads `stream` to its end; resolves after the last line. */
  follow(stream: Readable): Promise<void>;
  /** Adds a line that the child did not print itself. */
  write(text: string): void;
  close(): void;
}

/**
 * Opens the log file, or appends to it. At 16 MiB the file gets a last line that reports the limit; the watcher
 * still hears every line. The next opening puts a full file aside, as `FILE.old`. A line over 64 KiB is
 * broken in pieces.
 */
export function lineLog(file: string, onLine: (text: string) => void): LineLog {
  mkdirSync(dirname(file), { recursive: true });
  const keptBytes = makeRoom(file);
  const output = createWriteStream(file, { flags: 'a' });
  // A log that cannot be written must not end the execution.
  output.on('error', () => undefined);
  let leftBytes = LARGEST_LOG_BYTES - keptBytes;
  const write = (text: string): void => {
    const sizeBytes = Buffer.byteLength(text) + 1;
    if (leftBytes > 0) output.write(leftBytes < sizeBytes ? '(the log is full)\n' : `${text}\n`);
    leftBytes -= sizeBytes;
    onLine(text);
  };
  return {
    write,
    async follow(stream) {
      for await (const line of linesOf(stream)) write(line);
    },
    close: () => void output.end(),
  };
}

/** How many bytes the file holds, once there is room in it. */
function makeRoom(file: string): number {
  const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (sizeBytes < LARGEST_LOG_BYTES) return sizeBytes;
  renameSync(file, `${file}.old`);
  return 0;
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    rest += decoder.write(chunk as Buffer);
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
    for (; rest.length > LONGEST_LINE; rest = rest.slice(LONGEST_LINE)) yield rest.slice(0, LONGEST_LINE);
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
