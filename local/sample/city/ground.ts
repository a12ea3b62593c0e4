// The ground of the generated city: how much of each place is built, green or water. It is invented.
import { chance } from '../chance.ts';

/** West, south, east and north edge in degrees: 128 × 128 cells of 200 m in Web Mercator. */
export const BOX = [2.235009, 48.781101, 2.464977, 48.932406] as const;
export const CENTRE = [2.35, 48.8566] as const;

export interface Ground {
  /** Shares, 0 to 1. */
  readonly built: number;
  readonly green: number;
  readonly water: number;
}

interface Circle {
  readonly at: readonly [longitude: number, latitude: number];
  /** Degrees of latitude. */
  readonly radius: number;
}

export const PARKS: readonly Circle[] = [
  { at: [2.262, 48.868], radius: 0.012 },
  { at: [2.443, 48.832], radius: 0.013 },
  { at: [2.337, 48.846], radius: 0.003 },
  { at: [2.383, 48.88], radius: 0.003 },
  { at: [2.338, 48.822], radius: 0.0025 },
];
const SUBURBS: readonly Circle[] = [
  { at: [2.262, 48.802], radius: 0.012 },
  { at: [2.43, 48.912], radius: 0.014 },
  { at: [2.285, 48.92], radius: 0.01 },
];
const RIVER_HALF_WIDTH = 0.0016;
/** A degree of longitude is so much shorter here than one of latitude. */
const SQUEEZE = Math.cos((CENTRE[1] * Math.PI) / 180);

/** The latitude of the middle of the river. */
export const riverAt = (longitude: number): number =>
  CENTRE[1] + 0.012 * Math.sin((longitude - BOX[0]) * 55) - 0.18 * (longitude - CENTRE[0]);

const distance = ([x, y]: readonly [number, number], longitude: number, latitude: number): number =>
  Math.hypot((longitude - x) * SQUEEZE, latitude - y);

export function groundAt(longitude: number, latitude: number): Ground {
  const water = step((RIVER_HALF_WIDTH - Math.abs(latitude - riverAt(longitude))) / 0.0008);
  const park = Math.max(
    ...PARKS.map(({ at, radius }) => step((radius - distance(at, longitude, latitude)) / 0.002)),
  );
  const core = Math.exp(-18 * distance(CENTRE, longitude, latitude));
  const suburb = Math.max(
    ...SUBURBS.map(({ at, radius }) => Math.exp(-((distance(at, longitude, latitude) / radius) ** 2))),
  );
  const grain = 0.12 * (chance(3, Math.round(longitude * 500), Math.round(latitude * 750)) - 0.5);
  const free = (1 - water) * (1 - park);
  const built = free * clamp(0.95 * core + 0.45 * suburb + grain);
  return { built, water, green: clamp((1 - water) * park + free * (0.9 - built)) };
}

/** From 0 below -1/2 to 1 above 1/2. */
const step = (value: number): number => clamp(value + 0.5);
const clamp = (value: number): number => Math.min(1, Math.max(0, value));
