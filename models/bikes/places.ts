// The counter that a request means: by its name, or, if the training data does not have it, the nearest one.
import { counterKey } from './counter-name.ts';
import type { Learnt } from './learnt.ts';

export interface Place {
  readonly name: string;
  /** Degrees, WGS 84. */
  readonly coordinates?: readonly [latitude: number, longitude: number] | undefined;
}

export interface Found {
  /** Index into `learnt.counters`. */
  readonly counter: number;
  /** Where the answer is not that of the counter itself. */
  readonly warning?: string;
}

export type Counters = (place: Place) => Found;

const EARTH_KM = 6371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Makes the lookup once for a model. */
export function countersOf({ counters }: Learnt): Counters {
  const byKey = new Map(counters.map(({ name }, index) => [counterKey(name), index]));
  const byMean = counters.map((_counter, index) => index);
  byMean.sort((one, other) => counters[one]!.mean - counters[other]!.mean);
  const typical = byMean[byMean.length >> 1]!;
  return ({ name, coordinates }) => {
    const counter = byKey.get(counterKey(name));
    if (counter !== undefined) return { counter };
    const unknown = `the counter ${JSON.stringify(name)} is not in the training data: answered as`;
    const near = coordinates && nearest(counters, coordinates);
    if (near === undefined)
      return { counter: typical, warning: `${unknown} the median counter, "${counters[typical]!.name}"` };
    const warning = `${unknown} the nearest counter, "${counters[near.counter]!.name}", ${near.km.toFixed(1)} km away`;
    return { counter: near.counter, warning };
  };
}

function nearest(
  counters: Learnt['counters'],
  [latitude, longitude]: readonly [number, number],
): { readonly counter: number; readonly km: number } | undefined {
  let best: { counter: number; km: number } | undefined;
  for (const [counter, { latitude: north, longitude: east }] of counters.entries()) {
    if (north === null || east === null) continue;
    const x = radians(east - longitude) * Math.cos(radians((north + latitude) / 2));
    const km = EARTH_KM * Math.hypot(x, radians(north - latitude));
    if (best === undefined || km < best.km) best = { counter, km };
  }
  return best;
}
