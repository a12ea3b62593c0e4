// Elements of OpenStreetMap as GeoJSON: ways become lines or areas, and the ways of a relation are joined to rings.
import { z } from 'zod';
import type { Layer } from './query.ts';

const place = z.object({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) });
/** A node outside the asked box may come without its place. */
const places = z.array(place.nullable());

const way = z.object({
  type: z.literal('way'),
  id: z.int(),
  tags: z.record(z.string(), z.string()).optional(),
  geometry: places.optional(),
});
const relation = z.object({
  type: z.literal('relation'),
  id: z.int(),
  tags: z.record(z.string(), z.string()).optional(),
  members: z
    .array(z.object({ type: z.string(), role: z.string().optional(), geometry: places.optional() }))
    .optional(),
});
const other = z.object({ type: z.string() });

export const osmAnswer = z.object({
  elements: z.array(z.union([way, relation, other])),
  /** Says that the answer is not whole: out of time, or of memory. */
  remark: z.string().optional(),
});
export type OsmAnswer = z.infer<typeof osmAnswer>;

type Position = readonly [longitude: number, latitude: number];
type Line = readonly Position[];

export interface Outlines {
  /** A feature collection (RFC 7946). */
  readonly geojson: string;
  readonly count: number;
  /** Elements without an outline that closes. */
  readonly openCount: number;
}

const KEPT_TAGS = ['building', 'highway', 'landuse', 'leisure', 'natural', 'waterway'] as const;

/** In the order of ids, so that an order that the service chose makes no other file. */
export function outlinesOf({ elements }: OsmAnswer, { kind }: Layer): Outlines {
  let openCount = 0;
  const features: object[] = [];
  const known = elements.filter((each) => 'id' in each).toSorted(byId);
  for (const element of known) {
    const geometry = geometryOf(element, kind);
    if (geometry === undefined) {
      openCount++;
      continue;
    }
    const properties = Object.fromEntries(
      KEPT_TAGS.flatMap((tag) => {
        const value = element.tags?.[tag];
        return value === undefined ? [] : [[tag, value]];
      }),
    );
    features.push({ type: 'Feature', id: `${element.type}/${element.id}`, properties, geometry });
  }
  const geojson = `{"type":"FeatureCollection","features":[\n${features.map((each) => JSON.stringify(each)).join(',\n')}\n]}\n`;
  return { geojson, count: features.length, openCount };
}

type Element = z.infer<typeof way> | z.infer<typeof relation>;

const byId = (one: Element, other: Element): number =>
  one.type === other.type ? one.id - other.id : one.type < other.type ? -1 : 1;

function geometryOf(element: Element, kind: Layer['kind']): object | undefined {
  if (element.type === 'relation') return areasOf(element);
  const line = lineOf(element.geometry);
  if (kind === 'lines') return line.length < 2 ? undefined : { type: 'LineString', coordinates: line };
  return isRing(line) ? { type: 'Polygon', coordinates: [line] } : undefined;
}

function areasOf({ members = [] }: z.infer<typeof relation>): object | undefined {
  const ringsOf = (isOuter: boolean) =>
    joined(
      members
        .filter(({ type, role }) => type === 'way' && (role !== 'inner') === isOuter)
        .map(({ geometry }) => lineOf(geometry))
        .filter((line) => line.length > 1),
    );
  const outer = ringsOf(true);
  if (outer.length === 0) return undefined;
  const holes = ringsOf(false);
  const polygons = outer.map((ring) => [ring, ...holes.filter(([first]) => isInside(first!, ring))]);
  return { type: 'MultiPolygon', coordinates: polygons };
}

const lineOf = (geometry: z.infer<typeof places> = []): Line =>
  geometry.flatMap((each) => (each === null ? [] : [[each.lon, each.lat] as const]));

const same = (one: Position | undefined, other: Position | undefined): boolean =>
  one !== undefined && one[0] === other?.[0] && one[1] === other[1];

const isRing = (line: Line): boolean => line.length > 3 && same(line[0], line.at(-1));

/** Lines that share their ends, as rings; what does not close is left out. */
function joined(lines: readonly Line[]): readonly Line[] {
  const left = new Set(lines);
  const byEnd = new Map<string, Line[]>();
  for (const line of lines)
    for (const end of [line[0]!, line.at(-1)!])
      byEnd.set(end.join(), [...(byEnd.get(end.join()) ?? []), line]);
  const rings: Line[] = [];
  for (const start of lines) {
    if (!left.delete(start)) continue;
    const ring: Position[] = [...start];
    while (!same(ring[0], ring.at(-1))) {
      const end = ring.at(-1)!;
      const next = byEnd.get(end.join())?.find((line) => left.has(line));
      if (next === undefined) break;
      left.delete(next);
      ring.push(...(same(next[0], end) ? next : next.toReversed()).slice(1));
    }
    if (isRing(ring)) rings.push(ring);
  }
  return rings;
}

/** Whether a ray to the east crosses the ring an odd number of times. */
function isInside([x, y]: Position, ring: Line): boolean {
  let inside = false;
  ring.forEach(([x1, y1], at) => {
    const [x2, y2] = ring[(at + 1) % ring.length]!;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}
