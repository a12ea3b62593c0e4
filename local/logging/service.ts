// Cloud Logging in the cloud: what the sinks let through is published by Logging's own agent. It has no HTTP API here.
import { LOGGING_AGENT } from '../iam/agents.ts';
import { publishAs } from '../pubsub/service.ts';
import type { Service } from '../service.ts';
import { Logging } from './logging.ts';
import { creators } from './provision.ts';

export const logging: Service<Logging> = {
  open: (context, others) => new Logging(publishAs('logging', LOGGING_AGENT, context, others)),
  creators,
};
