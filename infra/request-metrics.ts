// The metrics of requested runs, of a stack with a pipeline that takes requests.
import type { Definition } from './metric-lines.ts';

const BY_PIPELINE = ['pipeline'];
const ENDED = { event: 'request-ended' } as const;
const DISPATCHED = { event: 'dispatched' } as const;

export const REQUEST_METRICS = {
  'sluice-requests-accepted': {
    about: 'Requests for runs that were accepted',
    lines: { event: 'request-accepted' },
    labels: BY_PIPELINE,
  },
  'sluice-requests-waiting': {
    about: 'Requests that wait for a start, as each dispatch finds them',
    lines: DISPATCHED,
    labels: BY_PIPELINE,
    value: 'waiting',
    unit: '1',
  },
  'sluice-oldest-waiting-seconds': {
    about: 'The age of the request that waits longest, as each dispatch finds it',
    lines: DISPATCHED,
    labels: BY_PIPELINE,
    value: 'oldestSeconds',
    unit: 's',
  },
  'sluice-dispatches': {
    about: 'Dispatches, and whether the oldest request waits too long',
    lines: DISPATCHED,
    labels: ['pipeline', 'late'],
  },
  'sluice-requests-started': {
    about: 'Attempts of requested runs that were started',
    lines: { event: 'request-started' },
    labels: BY_PIPELINE,
  },
  // The code tells a job that refused its parameters from one that failed.
  'sluice-requests-ended': {
    about: 'Requested runs that ended',
    lines: ENDED,
    labels: ['pipeline', 'outcome', 'code'],
  },
  'sluice-request-seconds': {
    about: 'From the acceptance of a request to the end of its run',
    lines: ENDED,
    labels: BY_PIPELINE,
    value: 'seconds',
    unit: 's',
  },
  'sluice-request-wait-seconds': {
    about: 'From the acceptance of a request to the start of its first attempt',
    lines: ENDED,
    labels: BY_PIPELINE,
    value: 'waitSeconds',
    unit: 's',
  },
  'sluice-request-cost': {
    about: 'What the attempts of a requested run cost, in millionths of a dollar',
    lines: ENDED,
    labels: BY_PIPELINE,
    value: 'costMicros',
    unit: '1',
  },
  'sluice-request-cost-estimate': {
    about: 'What a requested run was estimated to cost, in millionths of a dollar',
    lines: ENDED,
    labels: BY_PIPELINE,
    value: 'estimateMicros',
    unit: '1',
  },
} as const satisfies Readonly<Record<string, Definition>>;

export type RequestMetricName = keyof typeof REQUEST_METRICS;
