// The schedules: those that functions declare, and one for each pipeline.
import * as gcp from '@pulumi/gcp';
import type { Output } from '@pulumi/pulumi';
import { watchesOf } from '../shared/pipelines/pipeline.ts';
import type { Functions } from './functions.ts';
import type { Identities } from './identities.ts';
import type { Settings } from './settings.ts';

// A sweep calls functions that may take minutes; the deadline is longer than a function's own timeout.
const ATTEMPT_DEADLINE = '600s';

export function createSchedules(settings: Settings, identities: Identities, functions: Functions): void {
  const { email } = identities.scheduler;
  for (const { name, calledBy } of settings.functions.values()) {
    const { address } = functions.of(name);
    for (const caller of calledBy) {
      if (caller.kind === 'schedule') createSchedule(settings, { ...caller, address, email });
      if (caller.kind === 'pipeline-schedules')
        for (const pipeline of watchesOf(settings.pipelines)) {
          const { schedule: cron } = pipeline.trigger;
          const body = { pipeline: pipeline.name };
          createSchedule(settings, { name: `${caller.prefix}-${pipeline.name}`, cron, body, address, email });
        }
    }
  }
}

interface Schedule {
  readonly name: string;
  readonly cron: string;
  readonly body: object;
  readonly address: Output<string>;
  readonly email: Output<string>;
}

const createSchedule = ({ region }: Settings, { name, cron, body, address, email }: Schedule) =>
  new gcp.cloudscheduler.Job(name, {
    name,
    region,
    schedule: cron,
    timeZone: 'Etc/UTC',
    attemptDeadline: ATTEMPT_DEADLINE,
    retryConfig: { retryCount: 3, minBackoffDuration: '10s', maxBackoffDuration: '60s' },
    httpTarget: {
      uri: address,
      httpMethod: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)).toString('base64'),
      oidcToken: { serviceAccountEmail: email, audience: address },
    },
  });
