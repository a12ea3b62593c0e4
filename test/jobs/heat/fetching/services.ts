// The three services of a test: the stand-ins over real HTTP with faults, filled with the files of the generated city.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchHttp } from '../../../../jobs/heat/fetching/http/fetch-http.ts';
import type { Http } from '../../../../jobs/heat/fetching/http/http.ts';
import { placesAt } from '../../../../jobs/heat/fetching/places.ts';
import type { FetchPorts } from '../../../../jobs/heat/fetching/ports.ts';
import { createApi, type Api } from '../../../../local/http/api.ts';
import { writeCity } from '../../../../local/sample/city.ts';
import { cdsRoutes } from '../../../../local/third-parties/cds.ts';
import { Files } from '../../../../local/third-parties/files.ts';
import { overpassRoutes } from '../../../../local/third-parties/overpass.ts';
import { stacRoutes } from '../../../../local/third-parties/stac.ts';
import type { ObjectStore } from '../../../../shared/objects/store.ts';

export const DATASET = 'reanalysis-era5-single-levels';
export const SCENE = 'S2A_31UDQ_20250618_0_L2A';

export interface TestServices {
  readonly api: Api;
  readonly origin: string;
  /** The folder that the stand-ins answer from. */
  readonly data: string;
  /** The generated city, as its files in the bucket. */
  readonly city: string;
  /** The text of its configuration, with all sources fetched. */
  readonly configuration: string;
  /** Method and path of every request, in order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function startServices(): Promise<TestServices> {
  const root = mkdtempSync(join(tmpdir(), 'heat-services-'));
  const [data, city] = [join(root, 'services'), join(root, 'city')];
  await writeCity(city, { seed: 1 });
  fill(data, join(city, 'villeneuve'));
  const api = createApi();
  const requests: string[] = [];
  api.app.addHook('onRequest', async (request) => void requests.push(`${request.method} ${request.url}`));
  let ids = 0;
  const files = new Files(data);
  cdsRoutes(api.app, { files, clock: { now: () => NOW } as never, newId: () => `job-0000-${++ids}` });
  stacRoutes(api.app, files);
  overpassRoutes(api.app, files);
  const origin = `http://127.0.0.1:${await api.listenAs('job@test')}`;
  return {
    api,
    origin,
    data,
    city,
    configuration: fetchedConfiguration(join(city, 'villeneuve.yml')),
    requests,
    close: async () => {
      await api.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export const NOW = Date.parse('2025-11-20T06:00:00Z');

/** Ports with a virtual clock: waiting takes no time. */
export function portsOf(
  { origin }: Pick<TestServices, 'origin'>,
  store: ObjectStore,
  others: Partial<Omit<FetchPorts, 'sending'>> & { readonly http?: Http; readonly wait?: () => void } = {},
) {
  const { http = fetchHttp, wait, ...ports } = others;
  let now = NOW;
  const lines: string[] = [];
  const pauses: number[] = [];
  const made: FetchPorts = {
    sending: {
      http,
      places: placesAt(origin),
      wait: async (ms) => {
        now += ms;
        pauses.push(ms);
        wait?.();
      },
      info: (text) => void lines.push(text),
    },
    store,
    clock: () => new Date(now),
    cdsKey: 'key-of-the-test',
    longestWaitMs: 600_000,
    ...ports,
  };
  return { ports: made, lines, pauses };
}

/** The data of the services, from the files of the generated city. */
export function fill(data: string, city: string): void {
  const folder = (name: string) => {
    mkdirSync(join(data, name), { recursive: true });
    return join(data, name);
  };
  copyFileSync(join(city, 'era5_t2m.nc'), join(folder(`cds/${DATASET}`), '2025-06.nc'));
  const assets = { B04: 'red', B08: 'nir', B11: 'swir16', SCL: 'scl' };
  const stac = folder('stac');
  const images = readdirSync(city).filter((name) => name.endsWith('.tif'));
  for (const name of images) copyFileSync(join(city, name), join(stac, name));
  const item = {
    id: SCENE,
    bbox: [1.9, 48.6, 2.9, 49.2],
    properties: {
      datetime: '2025-06-18T10:56:19Z',
      'eo:cloud_cover': 3.5,
      'earthsearch:boa_offset_applied': true,
    },
    assets: Object.fromEntries(
      images.map((name) => [
        assets[name.slice(-7, -4) as keyof typeof assets],
        // The sample's images hold reflectances.
        { href: name, 'raster:bands': [{ scale: 1, offset: 0 }] },
      ]),
    ),
  };
  writeFileSync(join(stac, 'sentinel-2-l2a.json'), JSON.stringify([item]));
  writeFileSync(join(folder('overpass'), 'elements.json'), JSON.stringify(elementsOf(city)));
}

const TAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  buildings: { building: 'yes' },
  roads: { highway: 'residential' },
  green: { landuse: 'forest' },
  water: { natural: 'water' },
};

interface Feature {
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
}

type Line = readonly (readonly [number, number])[];

/** The outlines of the city as ways of OpenStreetMap. */
function elementsOf(city: string): readonly object[] {
  let id = 0;
  return Object.entries(TAGS).flatMap(([layer, tags]) => {
    const { features } = JSON.parse(readFileSync(join(city, `osm_${layer}.geojson`), 'utf8')) as {
      readonly features: readonly Feature[];
    };
    return features.map(({ geometry: { type, coordinates } }) => {
      const line = (type === 'Polygon' ? (coordinates as readonly Line[])[0]! : coordinates) as Line;
      return { type: 'way', id: ++id, tags, geometry: line.map(([lon, lat]) => ({ lat, lon })) };
    });
  });
}

/** The sample's configuration with services in place of the bucket's folders, and without the known truth. */
function fetchedConfiguration(path: string): string {
  const text = readFileSync(path, 'utf8');
  const at = text.indexOf('sources:');
  const start = at + 'sources:'.length;
  const end = text.slice(start).search(/^\S/m) + start;
  const sources = [
    'sources:',
    '  era5: { provider: cds }',
    '  sentinel2: { provider: stac, bands: [B4, B8, B11] }',
    '  osm: { provider: overpass }',
    '',
  ];
  return text.slice(0, at) + sources.join('\n') + text.slice(end);
}
