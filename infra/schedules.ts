// What ticks: a look at each pipeline's source, and the sweep.
import * as gcp from '@pulumi/gcp';
import { SWEEP_CALL } from '../shared/events/messages.ts';
import { addressOf, type Functions } from './functions.ts';
import type { Identities } from './identities.ts';
import type { Settings } from './settings.ts';

// A sweep calls functions that may take minutes; the deadline lies past a function's own timeout.
const ATTEMPT_DEADLINE = '600s';
const SWEEP_SCHEDULE = '*/10 * * * *';

export function createSchedules(settings: Settings, identities: Identities, functions: Functions): void {
  const schedule = (name: string, cron: string, called: gcp.cloudfunctionsv2.Function, body: object) =>
    new gcp.cloudscheduler.Job(name, {
      name,
      region: settings.region,
      schedule: cron,
      timeZone: 'Etc/UTC',
      attemptDeadline: ATTEMPT_DEADLINE,
      retryConfig: { retryCount: 3, minBackoffDuration: '10s', maxBackoffDuration: '60s' },
      httpTarget: {
        uri: addressOf(called),
        httpMethod: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: Buffer.from(JSON.stringify(body)).toString('base64'),
        oidcToken: { serviceAccountEmail: identities.scheduler.email, audience: addressOf(called) },
      },
    });
  for (const { name, trigger } of settings.pipelines) {
    schedule(`tick-${name}`, trigger.schedule, functions.detectChanges, { pipeline: name });
  }
  schedule('sweep', SWEEP_SCHEDULE, functions.sweepRuns, SWEEP_CALL);
}
