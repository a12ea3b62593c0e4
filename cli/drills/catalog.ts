// The drills: a failure each, by what it strikes, and how the mesh recovers from it.
import type { Fault } from '../../local/http/faults.ts';
import type { Fate } from './deliveries.ts';

/** What strikes; `onStrike` of a fault is the drill's own work. */
export type Strike =
  | { readonly kind: 'fault'; readonly fault: (of: Target) => Fault; readonly kills?: 'function' | 'job' }
  | { readonly kind: 'delivery'; readonly subscription: string; readonly fate: Fate }
  | { readonly kind: 'outage'; readonly url: RegExp; readonly ms: number };

export interface Target {
  readonly pipeline: string;
  /** The address of an account, by its name. */
  readonly account: (name: string) => string;
}

export interface Drill {
  readonly name: string;
  readonly title: string;
  readonly what: string;
  readonly recovery: string;
  readonly strike: Strike;
}

/** The function that the first drill kills. */
export const KILLED = 'publish-output';
const OUTAGE_MS = 60_000;
const RUN_REQUESTED = 'run-requested-to-start-run';

export const DRILLS: readonly Drill[] = [
  {
    name: 'crashed-function',
    title: 'A function crashes',
    what: 'publish-output is killed while it publishes, just after BigQuery did what it was asked.',
    recovery:
      'Pub/Sub delivers the message again. The next instance attaches to the work that is there, and publishes once.',
    strike: {
      kind: 'fault',
      kills: 'function',
      fault: ({ account }) => ({
        ...{ method: 'POST', caller: account(`sluice-${KILLED}`), action: 'lose-answer' },
        url: /^(\/upload)?\/bigquery\/v2\/projects\/[^/]+\/(jobs|queries)/,
      }),
    },
  },
  {
    name: 'lost-answer',
    title: 'An answer is lost',
    what: 'The outcome of the run is written, and the answer to the write never arrives.',
    recovery: 'The function cannot know, so it reads the object back and finds its own write.',
    strike: {
      kind: 'fault',
      fault: ({ pipeline }) => ({
        ...{ method: 'POST', action: 'lose-answer' },
        url: new RegExp(`^/upload/storage/v1/b/[^/]+-runs/o\\?.*name=${pipeline}(%2F|/).*outcome\\.json`),
      }),
    },
  },
  {
    name: 'doubled-delivery',
    title: 'A message comes twice',
    what: 'The message that asks start-run to begin the run is delivered two times.',
    recovery: 'The second delivery attaches to the execution of the first: one execution runs.',
    strike: { kind: 'delivery', subscription: RUN_REQUESTED, fate: 'twice' },
  },
  {
    name: 'dropped-delivery',
    title: 'A message is lost',
    what: 'The message that asks start-run to begin the run never comes.',
    recovery:
      'The next sweep finds the run overdue and calls start-run itself: within ten minutes, or at once by "Run the sweep now".',
    strike: { kind: 'delivery', subscription: RUN_REQUESTED, fate: 'lose' },
  },
  {
    name: 'killed-job',
    title: 'A job is killed',
    what: 'The process of the job is killed as it reads its first object.',
    recovery: 'The end of the execution starts a sweep, which submits the next attempt of the run.',
    strike: {
      kind: 'fault',
      kills: 'job',
      fault: ({ pipeline, account }) => ({
        ...{ caller: account(`sluice-${pipeline}-job`), action: 'lose-request' },
        url: /^\/(download\/)?storage\/v1\/b\//,
      }),
    },
  },
  {
    name: 'service-down',
    title: 'A service is down for a minute',
    what: 'Each call of the mesh to BigQuery is answered with 503 for 60 seconds.',
    recovery:
      'Pub/Sub delivers again with growing pauses; the first delivery after the minute publishes. Nothing published changes meanwhile.',
    strike: { kind: 'outage', url: /^(\/upload)?\/bigquery\//, ms: OUTAGE_MS },
  },
];
