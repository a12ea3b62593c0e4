// A job as it is now, with the tag that names what is shown.
import { createHash } from 'node:crypto';
import { jobNotFound, type JobKey } from '../../shared/api/access.ts';
import { jobView, stateOf } from '../../shared/api/job-view.ts';
import type { Job } from '../../shared/api/schemas.ts';
import type { Ports } from './ports.ts';

export interface JobNow {
  readonly view: Job;
  /** Of the whole view: it changes exactly when what is shown changes. */
  readonly tag: string;
}

const TAG_HEX = 24;

/** One call for a job that has left the queue or that this instance has shown before. */
export async function jobNow({ pipeline, run }: JobKey, ports: Ports): Promise<JobNow> {
  const objects = await ports.reader.read(pipeline.name, run);
  if (objects === undefined) throw jobNotFound();
  const isQueued = stateOf(objects) === 'queued';
  const position = isQueued ? await ports.lines.placeOf(pipeline.name, run) : null;
  const view = jobView(objects, { size: pipeline.job, nowMs: ports.now(), position });
  const tag = createHash('sha256').update(JSON.stringify(view)).digest('hex').slice(0, TAG_HEX);
  return { view, tag };
}
