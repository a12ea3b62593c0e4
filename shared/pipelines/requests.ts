// The trigger of a pipeline whose runs people and programs request over HTTP.
import { z } from 'zod';
import type { Milliseconds } from './duration.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** A named set of parameters that a request may start from. */
export interface Preset {
  readonly description: string;
  readonly parameters: Parameters;
  /** Tighter than the pipeline's own schema: what a request with this preset may still set. */
  readonly bounds?: z.ZodType;
}

/** Every accepted request counts: `concurrency` runs at once, fair between owners. */
export interface Requests {
  readonly kind: 'requests';
  /** An object schema, strict: an unknown field is refused by name. */
  readonly parameters: z.ZodType<Parameters>;
  readonly presets: Readonly<Record<string, Preset>>;
  /** Pure: the size of a run by its parameters. Time is expected to grow with it. */
  readonly units: (parameters: Parameters) => number;
  readonly concurrency: number;
  readonly approval: 'none' | 'before-start';
  /** How long a request may wait before it ends as expired. */
  readonly expiresAfter: Milliseconds;
  /** How many unfinished requests one owner may have. */
  readonly waitingPerOwner: number;
  /** Dollars a day (UTC) that may be started, by one owner and in all. */
  readonly spending: { readonly perOwner: number; readonly inAll: number };
  /** The pipeline whose newest published input the job receives beside the parameters. */
  readonly inputOf?: string;
}

export const requests = (trigger: Omit<Requests, 'kind'>): Requests => ({ kind: 'requests', ...trigger });

const PRESET = /^[a-z][a-z0-9_-]{0,39}$/;
// A decision holds every slot, and each of its readers reads all of them.
const MOST_AT_ONCE = 100;
const MOST_WAITING = 10_000;
const SHORTEST_WAIT_MS = 60 * 1000;
const LONGEST_WAIT_MS = 31 * 24 * 60 * 60 * 1000;
const OF_A_WATCH = ['schedule', 'freshness', 'source', 'rerunEvery'];

/** What is wrong with the trigger, each problem naming what was found and what is accepted. */
export const wrongRequests = (trigger: Requests): readonly string[] => [
  ...OF_A_WATCH.filter((field) => field in trigger).map((field) => `${field}: only a watch has it`),
  ...wrongSchema(trigger.parameters),
  ...Object.entries(trigger.presets).flatMap(([name, preset]) => wrongPreset(name, preset, trigger)),
  ...wrongNumber('concurrency', trigger.concurrency, MOST_AT_ONCE),
  ...wrongNumber('waitingPerOwner', trigger.waitingPerOwner, MOST_WAITING),
  ...wrongWait(trigger.expiresAfter),
  ...wrongSpending(trigger.spending),
];

/** The schema is shown to callers as it is, and an unknown field must be refused. */
function wrongSchema(schema: Requests['parameters']): readonly string[] {
  const isStrict = schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever;
  return isStrict ? [] : ['parameters: expected a strict object schema, z.strictObject({ … })'];
}

function wrongPreset(name: string, { description, parameters, bounds }: Preset, trigger: Requests): string[] {
  const what = `the preset "${name}"`;
  const problems = [trigger.parameters, ...(bounds === undefined ? [] : [bounds])].flatMap((schema) =>
    (schema.safeParse(parameters).error?.issues ?? []).map(
      ({ path, message }) => `${what}: ${path.length === 0 ? '' : `${path.join('.')}: `}${message}`,
    ),
  );
  return [
    ...(PRESET.test(name) ? [] : [`${what}: expected a name like ${PRESET}`]),
    ...(description === '' ? [`${what} has no description`] : []),
    ...problems,
    ...(problems.length === 0 ? wrongUnits(what, parameters, trigger) : []),
  ];
}

function wrongUnits(what: string, parameters: Parameters, trigger: Requests): string[] {
  const units = trigger.units(parameters);
  return Number.isFinite(units) && units >= 0
    ? []
    : [`${what} has the size ${units}: expected units() to return a number, 0 or more`];
}

const wrongNumber = (what: string, found: number, most: number): string[] =>
  Number.isInteger(found) && found >= 1 && found <= most
    ? []
    : [`${what} ${found}: expected a whole number from 1 to ${most}`];

const wrongWait = (found: Milliseconds): string[] =>
  found >= SHORTEST_WAIT_MS && found <= LONGEST_WAIT_MS
    ? []
    : [`expiresAfter ${found} ms: expected 1 minute to 31 days`];

const wrongSpending = ({ perOwner, inAll }: Requests['spending']): string[] =>
  perOwner > 0 && inAll >= perOwner && Number.isFinite(inAll)
    ? []
    : [`spending of ${perOwner} by one owner and ${inAll} in all: expected 0 < perOwner <= inAll`];
