// Checks the coordinates of a geometry and turns it into points, lines and polygons with flat arrays of numbers.

export type Refuse = (place: string | undefined, found: string, expected: string) => never;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Longitude and latitude of each vertex, one after the other. */
export type Path = Float64Array;

export type Geometry =
  | { readonly kind: 'point'; readonly at: Path }
  | { readonly kind: 'line'; readonly path: Path }
  /** The outline and its holes, each closed. */
  | { readonly kind: 'polygon'; readonly rings: readonly Path[] };

/** How many vertices the file may still have. */
export interface Bounds {
  left: number;
}

/** Collections in collections, which RFC 7946 advises against. */
const MOST_DEPTH = 8;

/** Empty where there are no coordinates. */
export function checkedGeometry(
  geometry: unknown,
  place: string,
  bounds: Bounds,
  refuse: Refuse,
  depth = 0,
): Geometry[] {
  if (!isObject(geometry)) return refuse(place, 'no object', 'a geometry');
  const { type, coordinates, geometries } = geometry;
  const at = `${place}.coordinates`;
  const each = (read: (value: unknown, place: string) => Geometry[]): Geometry[] =>
    list(coordinates, at, refuse).flatMap((value, index) => read(value, `${at}[${index}]`));
  const point = (value: unknown, where: string): Geometry[] =>
    isEmpty(value) ? [] : [{ kind: 'point', at: pathOf([value], where, bounds, refuse) }];
  const line = (value: unknown, where: string): Geometry[] => lineOf(value, where, bounds, refuse);
  const polygon = (value: unknown, where: string): Geometry[] => polygonOf(value, where, bounds, refuse);
  switch (type) {
    case 'Point':
      return point(coordinates, at);
    case 'MultiPoint':
      return each(point);
    case 'LineString':
      return line(coordinates, at);
    case 'MultiLineString':
      return each(line);
    case 'Polygon':
      return polygon(coordinates, at);
    case 'MultiPolygon':
      return each(polygon);
    case 'GeometryCollection': {
      if (depth >= MOST_DEPTH) refuse(place, `collections ${depth} deep`, `at most ${MOST_DEPTH}`);
      return list(geometries, `${place}.geometries`, refuse).flatMap((member, index) =>
        checkedGeometry(member, `${place}.geometries[${index}]`, bounds, refuse, depth + 1),
      );
    }
    default:
      return refuse(place, `the type ${brief(type)}`, 'a geometry of GeoJSON');
  }
}

const LONGEST_SHOWN = 60;

/** A value as an error may show it. Lists in lists are not written out: a text of a hundred thousand of them ends no call. */
function brief(value: unknown): string {
  const isNested = (each: unknown): boolean => typeof each === 'object' && each !== null;
  if (Array.isArray(value)) {
    if (value.some(isNested)) return `a list of ${value.length}`;
  } else if (isNested(value)) return 'an object';
  return JSON.stringify(value)?.slice(0, LONGEST_SHOWN) ?? 'nothing';
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const list = (value: unknown, place: string, refuse: Refuse): readonly unknown[] =>
  Array.isArray(value) ? value : refuse(place, value === undefined ? 'nothing' : typeof value, 'a list');

function lineOf(value: unknown, place: string, bounds: Bounds, refuse: Refuse): Geometry[] {
  if (isEmpty(value)) return [];
  const path = pathOf(list(value, place, refuse), place, bounds, refuse);
  if (path.length < 4) refuse(place, '1 position', 'a line of at least 2');
  return [{ kind: 'line', path }];
}

function polygonOf(value: unknown, place: string, bounds: Bounds, refuse: Refuse): Geometry[] {
  // Real extracts have rings of three positions: they enclose nothing, and count as empty.
  const rings = list(value, place, refuse)
    .map((ring, index) => ({ positions: list(ring, `${place}[${index}]`, refuse), index }))
    .filter(({ positions }) => positions.length >= 4)
    .map(({ positions, index }) => ringOf(positions, `${place}[${index}]`, bounds, refuse));
  return rings.length === 0 ? [] : [{ kind: 'polygon', rings }];
}

function ringOf(positions: readonly unknown[], place: string, bounds: Bounds, refuse: Refuse): Path {
  const ring = pathOf(positions, place, bounds, refuse);
  if (ring[0] !== ring.at(-2) || ring[1] !== ring.at(-1))
    refuse(place, 'a ring that does not close', 'a last position that is the first');
  return ring;
}

function pathOf(positions: readonly unknown[], place: string, bounds: Bounds, refuse: Refuse): Path {
  bounds.left -= positions.length;
  if (bounds.left < 0) refuse(place, 'too many vertices', 'fewer in the whole file; cut it by area');
  const path = new Float64Array(2 * positions.length);
  positions.forEach((position, index) => {
    const [x, y] = Array.isArray(position) ? (position as readonly unknown[]) : [];
    if (typeof x !== 'number' || typeof y !== 'number')
      return refuse(`${place}[${index}]`, brief(position), 'a longitude and a latitude');
    if (!(Math.abs(x) <= 180 && Math.abs(y) <= 90))
      return refuse(`${place}[${index}]`, `${x}, ${y}`, 'degrees: -180 to 180 and -90 to 90');
    path[2 * index] = x;
    path[2 * index + 1] = y;
  });
  return path;
}
