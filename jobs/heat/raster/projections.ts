// Transformations between the coordinate systems of the pipeline, by proj4.
import proj4, { type Converter } from 'proj4';
import { definitionOf, KNOWN_SYSTEMS } from './systems.ts';

/** Coordinates that have no place in the other system are not finite. */
export type Transformation = (x: number, y: number) => readonly [x: number, y: number];

const parsed = new Map<string, Converter>();

/** Longitude before latitude, in degrees. Throws `RangeError` for a system that is not known. */
export function transformation(from: string, to: string): Transformation {
  if (from === to) return (x, y) => [x, y];
  const key = `${from} ${to}`;
  const known = parsed.get(key) ?? proj4(definition(from), definition(to));
  parsed.set(key, known);
  return (x, y) => known.forward([x, y]) as [number, number];
}

function definition(crs: string): string {
  const found = definitionOf(crs);
  if (found === undefined) throw new RangeError(`the coordinate system ${crs}; expected ${KNOWN_SYSTEMS}`);
  return found;
}
