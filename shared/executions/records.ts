// The records of an execution: the intent before it is submitted, its name after (law 1).
import { z } from 'zod';
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { executionObject } from '../runs/names.ts';
import type { AttemptKey } from './runner.ts';

/** A sweep every ten minutes, for a day, and the deliveries of a message. */
export const MOST_SUBMISSIONS = 200;

export const executionIntent = z.object({
  pipeline: z.string(),
  run: z.string(),
  attempt: z.int().min(1),
  /** Identifies the writer (law 3). */
  token: z.string(),
  at: z.iso.datetime(),
  /** Why the attempt before it was given up. */
  because: z.string().optional(),
});

export type ExecutionIntent = z.infer<typeof executionIntent>;

/** The last intent to submit the attempt; undefined when there is none. */
export async function newestIntent(
  runs: ObjectStore,
  { pipeline, run, attempt }: AttemptKey,
): Promise<ExecutionIntent | undefined> {
  let newest: ExecutionIntent | undefined;
  for (let submission = 1; submission <= MOST_SUBMISSIONS; submission++) {
    const name = executionObject(pipeline, run, attempt, submission);
    const intent = await readJson(runs, name, executionIntent);
    if (intent === undefined) break;
    newest = intent.value;
  }
  return newest;
}

export const executionStarted = z.object({
  pipeline: z.string(),
  run: z.string(),
  attempt: z.int().min(1),
  execution: z.string(),
  at: z.iso.datetime(),
  /** The intent whose own submission was answered; absent where the execution was found by its key. */
  submission: z.int().min(1).optional(),
});
export type ExecutionStarted = z.infer<typeof executionStarted>;
