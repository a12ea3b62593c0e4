// Runs an output's checks on its files in the results bucket; it reads only what a check needs.
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { ObjectInfo, ObjectStore } from '../objects/store.ts';
import type { FileCheck } from '../pipelines/file-checks.ts';

/** A file of an attempt, with the metadata of its object. */
export interface StoredFile {
  readonly name: string;
  readonly info: ObjectInfo;
}

const MOST_START_BYTES = 1024 * 1024;
export const LARGEST_JSON_BYTES = 8 * 1024 * 1024;

/** The first problem, naming the file, what was found and what was expected; undefined if there is none. */
export async function wrongFiles(
  checks: readonly FileCheck[],
  files: readonly StoredFile[],
  results: ObjectStore,
): Promise<string | undefined> {
  for (const check of checks) {
    const own = files.filter(({ name }) => check.of.test(name));
    if (check.kind === 'count') {
      if (own.length >= check.atLeast && own.length <= check.atMost) continue;
      return `${own.length} files have a name like ${check.of.source}; expected ${check.atLeast} to ${check.atMost}`;
    }
    for (const file of own) {
      const wrong = await wrongFile(check, file, results);
      if (wrong !== undefined) return `${file.name}: ${wrong}`;
    }
  }
  return undefined;
}

async function wrongFile(
  check: Exclude<FileCheck, { kind: 'count' }>,
  { name, info }: StoredFile,
  results: ObjectStore,
): Promise<string | undefined> {
  switch (check.kind) {
    case 'size': {
      const { atLeastBytes, atMostBytes } = check;
      if (info.sizeBytes >= atLeastBytes && info.sizeBytes <= atMostBytes) return undefined;
      return `found ${info.sizeBytes} bytes; expected ${atLeastBytes} to ${atMostBytes}`;
    }
    case 'content-type':
      if (info.contentType === check.type) return undefined;
      return `found the content type "${info.contentType}"; expected "${check.type}"`;
    case 'json':
      return wrongJson(check.schema, info, results);
    case 'checker': {
      const readStart = (bytes: number) => results.readStart(info.name, Math.min(bytes, MOST_START_BYTES));
      const found = await check.check({ name, sizeBytes: info.sizeBytes, readStart });
      return found && `found ${found}; expected ${check.expected}`;
    }
  }
}

async function wrongJson(
  schema: z.ZodType,
  { name, sizeBytes }: ObjectInfo,
  results: ObjectStore,
): Promise<string | undefined> {
  if (sizeBytes > LARGEST_JSON_BYTES)
    return `found ${sizeBytes} bytes of JSON; expected at most ${LARGEST_JSON_BYTES}`;
  const stored = await results.readText(name, LARGEST_JSON_BYTES);
  try {
    const checked = schema.safeParse(JSON.parse(stored?.text ?? ''));
    return checked.success ? undefined : `found another form: ${z.prettifyError(checked.error)}`;
  } catch (error) {
    return `found no JSON: ${messageOf(error)}`;
  }
}
