// JSON in the object store; the three answers of a write are settled here (law 3).
import type { z } from 'zod';
import { PermanentError, TransientError } from '../errors.ts';
import { ABSENT, type CopyAnswer, type Metadata, type ObjectStore, type Unknown } from './store.ts';

const JSON_TYPE = 'application/json';
// The largest step object is a request with its snapshot: a few hundred bytes a file.
const LARGEST_JSON_BYTES = 8 * 1024 * 1024;

export interface Stored<T> {
  readonly value: T;
  readonly generation: string;
}

export const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Reads and checks an object; undefined when it is absent. A malformed one is a permanent error. */
export async function readJson<T>(
  store: ObjectStore,
  name: string,
  schema: z.ZodType<T>,
): Promise<Stored<T> | undefined> {
  const stored = await store.readText(name, LARGEST_JSON_BYTES);
  if (stored === undefined) return undefined;
  return {
    value: parseJson(stored.text, schema, `gs://${store.bucket}/${name}`),
    generation: stored.generation,
  };
}

/** Parses external text; `where` names its place in the error. */
export function parseJson<T>(text: string, schema: z.ZodType<T>, where: string): T {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new PermanentError(`${where} is not JSON`, { cause, code: 'OBJECT_MALFORMED' });
  }
  const checked = schema.safeParse(parsed);
  if (checked.success) return checked.data;
  const problems = checked.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${issue.message}`);
  throw new PermanentError(`${where} has the wrong form: ${problems.join('; ')}`, {
    code: 'OBJECT_MALFORMED',
  });
}

/**
 * Creates a step object, or reads the one that exists. Returns what was written first: the caller's value, also if the
 * answer was lost, or another delivery's (laws 2 and 3).
 */
export async function createOnce<T>(
  store: ObjectStore,
  name: string,
  schema: z.ZodType<T>,
  value: T,
  metadata: Metadata = {},
  keptLongerMs = 0,
): Promise<T> {
  const answer = await store.create(name, toJson(value), JSON_TYPE, metadata, keptLongerMs);
  if (answer.kind === 'landed') return value;
  const stands = await readJson(store, name, schema);
  if (stands === undefined) throw notThere(store, name, answer);
  return stands.value;
}

/** The error for a write after which its object does not exist. */
export function notThere(
  { bucket }: ObjectStore,
  name: string,
  answer: Exclude<CopyAnswer, { kind: 'gone' }>,
): TransientError {
  const object = `gs://${bucket}/${name}`;
  const code = 'WRITE_UNCONFIRMED';
  if (answer.kind !== 'unknown')
    return new TransientError(`${object} answered ${answer.kind} to a write, and then did not exist`, {
      code,
    });
  const { cause } = answer;
  return new TransientError(`${object} was not written: ${cause.message}`, { cause, code });
}

/** After three lost answers in a row the service counts as unavailable; the next delivery reads what was written. */
const MOST_WRITES = 3;

/**
 * Replaces the object that was read at `generation`, or creates it when that is undefined. Returns whether it landed.
 *
 *     write ──▶ landed: yes
 *       │ ▲
 *       │ └── unknown, and the object is unchanged: write the same text again, which conflicts if the first lands late
 *       └───▶ conflict, or unknown and the object has changed: it landed if the object holds this text
 */
export async function compareAndSwap(
  store: ObjectStore,
  name: string,
  generation: string | undefined,
  value: { readonly token: string },
): Promise<boolean> {
  const text = toJson(value);
  const from = generation ?? ABSENT;
  let lost: Unknown | undefined;
  for (let write = 0; write < MOST_WRITES; write++) {
    const answer = await store.replace(name, from, text, JSON_TYPE);
    if (answer.kind === 'landed') return true;
    const stands = await store.readText(name, LARGEST_JSON_BYTES);
    const isAsBefore = (stands?.generation ?? ABSENT) === from;
    if (answer.kind === 'conflict' || !isAsBefore) return stands?.text === text;
    lost = answer;
  }
  throw new TransientError(
    `gs://${store.bucket}/${name} gave no answer to ${MOST_WRITES} writes: ${lost?.cause.message}`,
    { cause: lost?.cause, code: 'SERVICE_UNAVAILABLE' },
  );
}
