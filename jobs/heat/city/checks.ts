// What a configuration asks for, against what the pipeline can do: bounds of the extent, the cells, the period and the sources.
import { isKnownSystem, KNOWN_SYSTEMS } from '../raster/systems.ts';
import type { City } from './city.ts';
import { boundsIn, targetGrid, type BoundingBox } from './target-grid.ts';
import type { Fault } from './issues.ts';

const FINEST_METRES = 10;
const COARSEST_METRES = 30_000;
/** A country fits, a continent does not. */
const MOST_DEGREES = 15;
/** Of the grid: 2,048 × 2,048. */
export const MOST_CELLS = 2 ** 22;
const FEWEST_CELLS = 4;
export const MOST_DAYS = 366;
/** Hours × cells, 4 bytes each, of which a stage holds several at once. */
export const MOST_VALUES = 2 ** 26;
/** ERA5 begins here. */
export const FIRST_DAY = '1940-01-01';

const DAY_MS = 86_400_000;

/** `today` is the day of the freeze: no file of it has a later hour. */
export function checkCity(city: City, today: string): readonly Fault[] {
  const extent = extentFaults(city.extent.bbox_wgs84);
  const grid = gridFaults(city);
  const period = periodFaults(city.period, today);
  const all = [...extent, ...grid, ...period];
  return [
    ...all,
    ...(all.length === 0 ? sizeFaults(city) : []),
    ...(extent.length === 0 ? centreFaults(city) : []),
    ...variableFaults(city),
    ...sourceFaults(city),
  ];
}

const BBOX = ['extent', 'bbox_wgs84'] as const;

function extentFaults([west, south, east, north]: BoundingBox): readonly Fault[] {
  const fault = (found: string, expected: string): readonly Fault[] => [{ path: BBOX, found, expected }];
  const sides = `west ${west}, south ${south}, east ${east}, north ${north}`;
  if (west === east || south === north)
    return fault(`a box of zero size: ${sides}`, 'west below east, and south below north');
  if (west > 0 && east < 0)
    return fault(`a box across the antimeridian: ${sides}`, 'a box on one side of it: west below east');
  if (west > east || south > north)
    return fault(
      `a reversed box: ${sides}`,
      'west, south, east, north: west below east, and south below north',
    );
  const [width, height] = [east - west, north - south];
  if (width <= MOST_DEGREES && height <= MOST_DEGREES) return [];
  return fault(
    `${rounded(width)}° × ${rounded(height)}°`,
    `at most ${MOST_DEGREES}° × ${MOST_DEGREES}°: a city or a region`,
  );
}

const rounded = (value: number): number => Number(value.toPrecision(4));

function gridFaults({ grid: { crs, resolution_m } }: City): readonly Fault[] {
  const known = isKnownSystem(crs);
  const sized = resolution_m >= FINEST_METRES && resolution_m <= COARSEST_METRES;
  return [
    ...(known ? [] : [{ path: ['grid', 'crs'], found: `"${crs}"`, expected: KNOWN_SYSTEMS }]),
    ...(sized
      ? []
      : [
          {
            path: ['grid', 'resolution_m'],
            found: `${resolution_m} m`,
            expected: `${FINEST_METRES} to ${COARSEST_METRES} m`,
          },
        ]),
  ];
}

function periodFaults({ start, end }: City['period'], today: string): readonly Fault[] {
  const days = daysOf({ start, end });
  if (days < 1)
    return [{ path: ['period'], found: `${start} to ${end}`, expected: 'a start on or before the end' }];
  if (days > MOST_DAYS)
    return [{ path: ['period'], found: `${days} days`, expected: `at most ${MOST_DAYS} days` }];
  if (start < FIRST_DAY)
    return [
      { path: ['period', 'start'], found: start, expected: `${FIRST_DAY} or later: ERA5 begins there` },
    ];
  if (end <= today) return [];
  return [{ path: ['period', 'end'], found: end, expected: `at most ${today}, when the input was frozen` }];
}

/** Both days included. */
export const daysOf = ({ start, end }: City['period']): number =>
  Math.round((Date.parse(end) - Date.parse(start)) / DAY_MS) + 1;

/** Where box, CRS, resolution and period are each possible: whether they are together. */
function sizeFaults(city: City): readonly Fault[] {
  const { crs } = city.grid;
  const box = boundsIn(crs, city.extent.bbox_wgs84);
  if (!box.every(Number.isFinite) || !isAreaOf(crs, city.extent.bbox_wgs84))
    return [{ path: ['grid', 'crs'], found: `${crs}, which is not for this extent`, expected: areaOf(crs) }];
  const { columns, rows } = targetGrid(city);
  const found = `${columns} × ${rows} cells of ${city.grid.resolution_m} m`;
  const path = ['grid', 'resolution_m'];
  if (Math.min(columns, rows) < FEWEST_CELLS)
    return [
      { path, found, expected: `at least ${FEWEST_CELLS} × ${FEWEST_CELLS} cells: a finer resolution` },
    ];
  if (columns * rows > MOST_CELLS)
    return [
      { path, found, expected: `at most ${MOST_CELLS} cells: a smaller extent or a coarser resolution` },
    ];
  const hours = daysOf(city.period) * 24;
  if (hours * columns * rows <= MOST_VALUES) return [];
  return [
    {
      path: ['period'],
      found: `${hours} hours of ${columns} × ${rows} cells`,
      expected: `at most ${Math.floor(MOST_VALUES / (columns * rows))} hours with this grid`,
    },
  ];
}

/** Degrees in which a system is good enough to measure by; wider than its official area. */
function areaBox(crs: string): BoundingBox {
  const [, zone] = /^EPSG:32[67](\d\d)$/.exec(crs) ?? [];
  if (zone !== undefined) {
    const middle = Number(zone) * 6 - 183;
    return [middle - 9, -84, middle + 9, 84];
  }
  if (crs === 'EPSG:2154') return [-10, 40, 11, 52];
  return crs === 'EPSG:3857' ? [-180, -85, 180, 85] : [-180, -90, 180, 90];
}

function isAreaOf(crs: string, [west, south, east, north]: BoundingBox): boolean {
  const [left, bottom, right, top] = areaBox(crs);
  return west >= left && east <= right && south >= bottom && north <= top;
}

function areaOf(crs: string): string {
  const [west, south, east, north] = areaBox(crs);
  return `an extent within ${west} to ${east} of longitude and ${south} to ${north} of latitude`;
}

function centreFaults({ extent: { bbox_wgs84, center } }: City): readonly Fault[] {
  if (center === undefined) return [];
  const [[west, south, east, north], [longitude, latitude]] = [bbox_wgs84, center];
  if (longitude >= west && longitude <= east && latitude >= south && latitude <= north) return [];
  const found = `longitude ${longitude}, latitude ${latitude}`;
  return [{ path: ['extent', 'center'], found, expected: 'longitude and latitude of a place in the extent' }];
}

function variableFaults({ variables, sources }: City): readonly Fault[] {
  const lists = [
    { path: ['variables'], list: variables },
    { path: ['sources', 'sentinel2', 'bands'], list: sources.sentinel2?.bands ?? [] },
    { path: ['sources', 'osm', 'features'], list: sources.osm?.features ?? [] },
  ];
  const twice = lists.flatMap(({ path, list }) => {
    const again = (list as readonly string[]).find((each, at) => list.indexOf(each as never) !== at);
    return again === undefined ? [] : [{ path, found: `"${again}" twice`, expected: 'each once' }];
  });
  if (variables.includes('t2m')) return twice;
  return [...twice, { path: ['variables'], found: variables.join(', '), expected: 't2m among them' }];
}

const PROVIDERS = {
  era5: ['bucket', 'cds'],
  sentinel2: ['bucket', 'stac'],
  osm: ['bucket', 'overpass'],
} as const;

function sourceFaults({ sources }: City): readonly Fault[] {
  const providers = (['era5', 'sentinel2', 'osm'] as const).flatMap((source) => {
    const provider = sources[source]?.provider;
    const able: readonly string[] = PROVIDERS[source];
    if (provider === undefined || able.includes(provider)) return [];
    return [{ path: ['sources', source, 'provider'], found: `"${provider}"`, expected: able.join(' or ') }];
  });
  const paths = Object.entries(sources).flatMap(([source, place]) => {
    const path = place !== undefined && 'path' in place ? place.path : undefined;
    if (path === undefined || !/^[a-z]+:\/\/|^\/|(^|\/)\.\.(\/|$)/i.test(path)) return [];
    const expected = 'the start of the names of files in the watched bucket, such as era5/paris';
    return [{ path: ['sources', source, 'path'], found: `"${path}"`, expected }];
  });
  return [...providers, ...paths];
}
