// The trigger of a pipeline whose runs people and programs request over HTTP.
import type { z } from 'zod';
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
