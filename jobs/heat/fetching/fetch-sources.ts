// The raw files that a city's configuration has fetched from services, each kept under the hash of what was asked for.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { City } from '../city/city.ts';
import { UnusableFile } from '../formats/unusable.ts';
import { fetchedRole, type FetchedSource } from '../input/fetched.ts';
import type { RawFile } from '../input/raw-files.ts';
import { inputsOf } from './cds/inputs.ts';
import { retrieveMonth } from './cds/retrieve.ts';
import { folderOf, keepFiles, keptFiles, type FetchedFile } from './fetched-files.ts';
import { fetchOutlines, outlinesAsked } from './overpass/fetch-outlines.ts';
import type { FetchPorts } from './ports.ts';
import { bandsAsked, fetchBands } from './stac/fetch-bands.ts';

/** Rises with every change of what is made of an answer. */
const VERSION = 1;
/** What is this old does not change any more: ERA5 is final after about three months. */
const FINAL_AFTER_DAYS = 100;
const DAY_MS = 86_400_000;

export interface FetchRequest {
  /** The configuration's file, for refusals. */
  readonly file: string;
  readonly city: City;
  /** ISO, UTC. */
  readonly frozenAt: string;
  /** A folder of the disk. */
  readonly folder: string;
}

/**
 * Empty where all sources are files of the bucket. Throws `UnusableFile` for what another attempt would not change, and
 * `TransientError` for what it may.
 */
export async function fetchSources(request: FetchRequest, ports: FetchPorts): Promise<readonly RawFile[]> {
  try {
    return await fetchAll(request, ports);
  } catch (error) {
    if (!(error instanceof UnusableFile) || error.problem.file === request.file) throw error;
    // What a service was asked for follows from the configuration, and is no file that anyone has.
    const { file, place, ...said } = error.problem;
    const where = place === undefined ? file : `${file}, ${place}`;
    throw new UnusableFile({ ...said, file: request.file, place: where }, { cause: error });
  }
}

async function fetchAll(request: FetchRequest, ports: FetchPorts): Promise<readonly RawFile[]> {
  const { city } = request;
  const { era5, sentinel2, osm } = city.sources;
  const folder = join(request.folder, city.city);
  await mkdir(folder, { recursive: true });
  const asking = { ...request, folder };
  return [
    ...rawFiles(city, 'era5', era5.provider === 'cds' ? await fetchWeather(asking, ports) : []),
    ...rawFiles(city, 'sentinel2', sentinel2?.provider === 'stac' ? await fetchScene(asking, ports) : []),
    ...rawFiles(city, 'osm', osm?.provider === 'overpass' ? await fetchMap(asking, ports) : []),
  ];
}

const rawFiles = ({ city }: City, source: FetchedSource, files: readonly FetchedFile[]): readonly RawFile[] =>
  files.map(({ name, path, sizeBytes, sha256 }) => ({
    role: fetchedRole(city, source),
    name: `${city}/${source}/${name}`,
    path,
    sizeBytes,
    sha256,
  }));

async function fetchWeather(request: FetchRequest, ports: FetchPorts): Promise<readonly FetchedFile[]> {
  const { file, city, folder } = request;
  const { cdsKey } = ports;
  if (cdsKey === undefined)
    throw new UnusableFile({
      file,
      place: 'key sources.era5.provider',
      found: '"cds", and a deployment without a key of the Climate Data Store',
      expected: 'files of the bucket, or the setting cdsSecret that names the secret with the key',
    });
  const files: FetchedFile[] = [];
  for (const month of inputsOf(file, city)) {
    const asked = { version: VERSION, ...month, asOf: asOf(request) };
    const fetch = async (kept: string) => [await retrieveMonth(ports, cdsKey, kept, month, folder)];
    files.push(...(await once(request, ports, 'cds', asked, fetch)));
  }
  return files;
}

function fetchScene(request: FetchRequest, ports: FetchPorts): Promise<readonly FetchedFile[]> {
  const { city, folder } = request;
  const bands = bandsAsked(city);
  const asked = { version: VERSION, ...bands, asOf: asOf(request) };
  return once(request, ports, 'stac', asked, () => fetchBands(ports, bands, city.extent.bbox_wgs84, folder));
}

function fetchMap(request: FetchRequest, ports: FetchPorts): Promise<readonly FetchedFile[]> {
  // The map is asked for again each month.
  const asked = { version: VERSION, ...outlinesAsked(request.city), asOf: request.frozenAt.slice(0, 7) };
  return once(request, ports, 'overpass', asked, () => fetchOutlines(ports, request.city, request.folder));
}

/** The month of the freeze, for a period that may still change. */
function asOf({ city, frozenAt }: FetchRequest): string {
  const age = (Date.parse(frozenAt) - Date.parse(city.period.end)) / DAY_MS;
  return age > FINAL_AFTER_DAYS ? 'final' : frozenAt.slice(0, 7);
}

async function once(
  { folder }: FetchRequest,
  { store, sending }: FetchPorts,
  service: string,
  asked: unknown,
  fetch: (kept: string) => Promise<readonly FetchedFile[]>,
): Promise<readonly FetchedFile[]> {
  const kept = folderOf(service, asked);
  const before = await keptFiles(store, kept, folder);
  if (before !== undefined) {
    sending.info(`took ${before.length} files from gs://${store.bucket}/${kept}`);
    return before;
  }
  return keepFiles(store, kept, asked, await fetch(kept), folder);
}
