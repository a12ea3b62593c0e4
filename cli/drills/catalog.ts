// The drills: a failure each, by what it strikes.
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

export type DrillName =
  | 'crashed-function'
  | 'lost-answer'
  | 'doubled-delivery'
  | 'dropped-delivery'
  | 'killed-job'
  | 'service-down';

/** `words.ts` says what each is. */
export interface Drill {
  readonly name: DrillName;
  readonly strike: Strike;
}

/** The function that the first drill kills. */
export const KILLED = 'publish-output';
const OUTAGE_MS = 60_000;
const RUN_REQUESTED = 'run-requested-to-start-run';

export const DRILLS: readonly Drill[] = [
  {
    name: 'crashed-function',
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
    strike: { kind: 'delivery', subscription: RUN_REQUESTED, fate: 'twice' },
  },
  {
    name: 'dropped-delivery',
    strike: { kind: 'delivery', subscription: RUN_REQUESTED, fate: 'lose' },
  },
  {
    name: 'killed-job',
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
    strike: { kind: 'outage', url: /^(\/upload)?\/bigquery\//, ms: OUTAGE_MS },
  },
];
