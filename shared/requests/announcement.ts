// The message that announces the end of a requested run on the topic `run-ended`, for other systems.
import { z } from 'zod';
import { errorCode } from '../error-codes.ts';
import { OUTCOMES, type RunOutcome } from '../runs/outcome.ts';
import { jobIdOf } from './names.ts';

/** Delivered at least once: a subscriber that acts on it remembers the job. */
export const runEnded = z.strictObject({
  job_id: z.string(),
  pipeline: z.string(),
  run: z.string(),
  outcome: z.enum(OUTCOMES),
  code: errorCode.nullable(),
  at: z.iso.datetime(),
});
export type RunEnded = z.infer<typeof runEnded>;

export const announcementOf = ({ pipeline, run, outcome, code, at }: RunOutcome): RunEnded => ({
  job_id: jobIdOf(pipeline, run),
  ...{ pipeline, run, outcome, code, at },
});
