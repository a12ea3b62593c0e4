// The generated city as a map has it: outlines of buildings, green and water, and lines of roads, as GeoJSON.
import { chance } from '../chance.ts';
import { BOX, CENTRE, groundAt, PARKS, riverAt } from './ground.ts';

type Position = readonly [longitude: number, latitude: number];

/** The text of each layer's file, by its name. */
export const outlineFiles = (seed: number): ReadonlyMap<string, string> =>
  new Map([
    ['buildings', collection(buildings(seed).map((ring) => ['Polygon', [ring]]))],
    ['roads', collection(roads().map((line) => ['LineString', line]))],
    ['green', collection(PARKS.map(({ at, radius }) => ['Polygon', [circle(at, radius)]]))],
    ['water', collection([['Polygon', [river()]]])],
  ]);

type Shape = readonly [type: string, coordinates: unknown];

const collection = (shapes: readonly Shape[]): string =>
  `${JSON.stringify({
    type: 'FeatureCollection',
    features: shapes.map(([type, coordinates]) => ({
      type: 'Feature',
      properties: {},
      geometry: { type, coordinates },
    })),
  })}\n`;

const tidy = (degrees: number): number => Number(degrees.toFixed(6));
const rectangle = (west: number, south: number, east: number, north: number): Position[] =>
  [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ].map(([x, y]) => [tidy(x!), tidy(y!)]);

const [LOT_X, LOT_Y] = [0.0036, 0.0024];

/** One block of houses in each lot, as large as the lot is built. */
function buildings(seed: number): Position[][] {
  const [west, south, east, north] = BOX;
  const rings: Position[][] = [];
  for (let x = west; x < east - LOT_X; x += LOT_X)
    for (let y = south; y < north - LOT_Y; y += LOT_Y) {
      const { built } = groundAt(x + LOT_X / 2, y + LOT_Y / 2);
      if (built < 0.1) continue;
      const side = Math.sqrt(built) * (0.85 + 0.1 * chance(seed, Math.round(x * 1e4), Math.round(y * 1e4)));
      rings.push(rectangle(x, y, x + side * LOT_X, y + side * LOT_Y));
    }
  return rings;
}

const SPOKES = 12;

/** Spokes from the centre, and two rings. */
function roads(): Position[][] {
  const spokes = Array.from({ length: SPOKES }, (_, at) => {
    const angle = (2 * Math.PI * at) / SPOKES;
    return [0, 0.5, 1].map((share): Position => {
      const reach = 0.07 * share;
      return [tidy(CENTRE[0] + 1.5 * reach * Math.cos(angle)), tidy(CENTRE[1] + reach * Math.sin(angle))];
    });
  });
  return [...spokes, circle(CENTRE, 0.02), circle(CENTRE, 0.045)];
}

const CORNERS = 32;

function circle([x, y]: Position, radius: number): Position[] {
  const points = Array.from({ length: CORNERS }, (_, at): Position => {
    const angle = (2 * Math.PI * at) / CORNERS;
    return [tidy(x + 1.52 * radius * Math.cos(angle)), tidy(y + radius * Math.sin(angle))];
  });
  return [...points, points[0]!];
}

function river(): Position[] {
  const [west, , east] = BOX;
  const bank = (offset: number) =>
    Array.from({ length: 65 }, (_, at): Position => {
      const longitude = west + ((east - west) * at) / 64;
      return [tidy(longitude), tidy(riverAt(longitude) + offset)];
    });
  const ring = [...bank(-0.0016), ...bank(0.0016).reverse()];
  return [...ring, ring[0]!];
}
