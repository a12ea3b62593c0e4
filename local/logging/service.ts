// Cloud Logging in the cloud: what the sinks let through is published by Logging's own agent; entries are read through views.
import { LOGGING_AGENT } from '../iam/agents.ts';
import { publishAs } from '../pubsub/service.ts';
import type { Service } from '../service.ts';
import { Logging } from './logging.ts';
import { creators } from './provision.ts';
import { loggingRoutes } from './routes.ts';
import { Views } from './views.ts';

export const logging: Service<Logging> = {
  open: (context, others) =>
    new Logging(publishAs('logging', LOGGING_AGENT, context, others), {
      views: new Views(context.state),
      executionNamed: (project, name) => others.jobs.executionNamed(project, name),
    }),
  routes: (app, opened, { iam }) => loggingRoutes(app, opened, iam.authorize),
  creators,
};
