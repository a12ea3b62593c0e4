// What is recorded of an execution: the intent before it is submitted, its name after (law 1).
import { z } from 'zod';

export const executionIntent = z.object({
  pipeline: z.string(),
  run: z.string(),
  attempt: z.int().min(1),
  /** Whose write this is (law 3). */
  token: z.string(),
  at: z.iso.datetime(),
});

export const executionStarted = z.object({
  pipeline: z.string(),
  run: z.string(),
  attempt: z.int().min(1),
  execution: z.string(),
  at: z.iso.datetime(),
});
export type ExecutionStarted = z.infer<typeof executionStarted>;
