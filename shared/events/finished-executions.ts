// A finished execution, as Cloud Logging publishes it to a topic: Cloud Run's own audit entry (`infra/messaging.ts`).
import { z } from 'zod';

/**
 * The parts of the log entry that the mesh uses, and those by which the sink selects it: an entry of another project,
 * log or method is not the mesh's. How the execution ended is not read from it: the message is a hint, and the sweep
 * reads the execution itself (laws 7 and 9).
 */
const entryOf = (project: string) =>
  z.object({
    logName: z.literal(`projects/${project}/logs/cloudaudit.googleapis.com%2Fsystem_event`).optional(),
    resource: z.object({
      type: z.literal('cloud_run_job'),
      labels: z.object({ project_id: z.literal(project).optional(), job_name: z.string() }),
    }),
    protoPayload: z.object({ methodName: z.literal('/Jobs.RunJob') }).optional(),
  });

/** Made once: to make a schema takes longer than to read an entry with it. */
const entries = new Map<string, ReturnType<typeof entryOf>>();

export function finishedExecution(project: string): ReturnType<typeof entryOf> {
  const known = entries.get(project);
  if (known !== undefined) return known;
  const entry = entryOf(project);
  entries.set(project, entry);
  return entry;
}
