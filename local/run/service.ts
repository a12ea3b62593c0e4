// Cloud Run jobs in the cloud: executions are child processes, and each one's end is an entry in the log.
import { join } from 'node:path';
import type { Service } from '../service.ts';
import { finishedEntry } from './finished-entry.ts';
import { RunJobs } from './jobs.ts';
import { creators } from './provision.ts';
import { runRoutes } from './routes.ts';

export const jobs: Service<RunJobs> = {
  open: ({ state, envOf, log, options: { clock, newId, images, folder } }, others) =>
    new RunJobs({
      state,
      clock,
      newId,
      envOf,
      images,
      logFolder: join(folder, 'logs'),
      onLog: ({ job, text }) => log(job.slice(job.lastIndexOf('/') + 1), text),
      onEnded: (execution) => others.logging.write(finishedEntry(execution)),
    }),
  routes: (app, opened, { iam }) => runRoutes(app, opened, iam.authorize),
  creators,
  start: (opened) => opened.start(),
  stop: (opened) => opened.stop(),
};
