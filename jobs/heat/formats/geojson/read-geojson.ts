// Reads the features of a GeoJSON file (RFC 7946): degrees, closed rings, within bounds; what has no geometry is counted.
import { OpenedFile, type InputFile } from '../opened-file.ts';
import { quoted, UnusableFile } from '../unusable.ts';
import { crossingOf, effortOfFile } from './crossings.ts';
import { checkedGeometry, isObject, type Geometry, type Refuse } from './geometry.ts';

export interface Feature {
  /** Points, lines and polygons; a collection is taken apart. */
  readonly geometries: readonly Geometry[];
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface FeatureFile {
  readonly features: readonly Feature[];
  /** Features without a geometry, or with an empty one. */
  readonly emptyCount: number;
  readonly vertexCount: number;
  /**
   * Polygons whose outline crosses itself, of the first of them where and at which place. They are kept: what is inside is
   * decided by counting crossings (even-odd), which gives every point one answer.
   */
  readonly crossingCount: number;
  readonly firstCrossing: string | undefined;
}

export interface GeoJsonLimits {
  readonly mostBytes: number;
  readonly mostVertices: number;
}

/** A text of V8 has at most 512 MB; a million vertices are about 25 MB of text. */
const LIMITS: GeoJsonLimits = { mostBytes: 2 ** 28, mostVertices: 5_000_000 };
const LONGITUDE_LATITUDE = /^(urn:ogc:def:crs:OGC:1\.3:CRS84|urn:ogc:def:crs:EPSG::4326|EPSG:4326)$/;

/** Throws `UnusableFile`, which names the place in the file as a path. */
export function readGeoJson(input: InputFile, limits: GeoJsonLimits = LIMITS): FeatureFile {
  const refuse = (place: string | undefined, found: string, expected: string): never => {
    throw new UnusableFile({ file: input.name, place, found, expected });
  };
  const root = parsed(input, limits.mostBytes);
  checkSystem(root, refuse);
  const bounds = { left: limits.mostVertices };
  const effort = effortOfFile();
  const features: Feature[] = [];
  let [emptyCount, crossingCount] = [0, 0];
  let firstCrossing: string | undefined;
  listOf(root, refuse).forEach(({ feature, place }) => {
    const { geometry, properties } = feature;
    const isNone = geometry === null || geometry === undefined;
    const geometries = isNone ? [] : checkedGeometry(geometry, `${place}geometry`, bounds, refuse);
    if (geometries.length === 0) return void emptyCount++;
    for (const each of geometries) {
      const crossing = each.kind === 'polygon' ? crossingOf(each.rings, effort) : undefined;
      if (crossing === undefined) continue;
      crossingCount++;
      firstCrossing ??= `${place}geometry near ${crossing.map((degrees) => degrees.toFixed(6)).join(', ')}`;
    }
    features.push({ geometries, properties: isObject(properties) ? properties : {} });
  });
  return {
    features,
    emptyCount,
    crossingCount,
    firstCrossing,
    vertexCount: limits.mostVertices - bounds.left,
  };
}

function parsed(input: InputFile, mostBytes: number): Record<string, unknown> {
  using file = new OpenedFile(input);
  const text = file
    .readAll(mostBytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (cause) {
    const found = `no JSON (${(cause as Error).message})`;
    throw new UnusableFile({ file: input.name, found, expected: 'GeoJSON' }, { cause });
  }
  if (isObject(root)) return root;
  throw new UnusableFile({
    file: input.name,
    found: quoted(text.slice(0, 100)),
    expected: 'a GeoJSON object',
  });
}

/** RFC 7946 knows only degrees of WGS 84; older files name a system. */
function checkSystem({ crs }: Record<string, unknown>, refuse: Refuse): void {
  if (crs === undefined || crs === null) return;
  const { properties } = crs as { properties?: unknown };
  const named = isObject(properties) ? properties['name'] : undefined;
  const name = typeof named === 'string' ? named : 'a system without a name';
  if (!LONGITUDE_LATITUDE.test(name)) refuse('crs', quoted(name), 'longitudes and latitudes of WGS 84');
}

interface Placed {
  readonly feature: Record<string, unknown>;
  readonly place: string;
}

/** A collection, a feature, or a bare geometry. */
function listOf(root: Record<string, unknown>, refuse: Refuse): readonly Placed[] {
  if (root['type'] === 'Feature') return [{ feature: root, place: '' }];
  if (root['type'] !== 'FeatureCollection')
    return [{ feature: { geometry: root, properties: {} }, place: '' }];
  const { features } = root;
  if (!Array.isArray(features)) return refuse('features', typeof features, 'a list of features');
  return features.map((feature: unknown, at) => {
    const place = `features[${at}]`;
    if (!isObject(feature) || feature['type'] !== 'Feature')
      return refuse(place, 'no feature', '"type": "Feature"');
    return { feature, place: `${place}.` };
  });
}
