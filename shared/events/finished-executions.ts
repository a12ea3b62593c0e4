// A finished execution, as Cloud Logging tells a Pub/Sub topic of it: Cloud Run's own audit entry (`infra/messaging.ts`).
import { z } from 'zod';

/**
 * The parts of the log entry that the mesh uses. How the execution ended is not read off it: a hint says where
 * to look, and what is seen there counts (laws 7 and 9).
 */
export const finishedExecution = z.object({
  resource: z.object({
    type: z.literal('cloud_run_job'),
    labels: z.object({ job_name: z.string() }),
  }),
});
