// What the forecast's screen reads: the series of one publication, from the files that its job wrote for that.
import { CLUSTERS_FILE, LARGEST_FILE_BYTES, sitesFile } from '../../../models/forecast/files.ts';
import type { ForecastIndex, StoredSeries } from '../../../models/forecast/published.ts';
import { KeptForAWhile } from '../../../shared/kept-for-a-while.ts';
import { readJson } from '../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { outputManifest } from '../../../shared/outputs/manifest.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import type { DataManifest } from '../../../shared/publications/manifest-file.ts';
import { manifestObject } from '../../../shared/runs/names.ts';
import type { Warehouse } from '../../../shared/warehouse/warehouse.ts';
import { PageProblem } from '../problem.ts';
import {
  hasForecast,
  type Chosen,
  type Forecast,
  type ForecastPipeline,
  type ReadForecast,
} from './forecast-shape.ts';
import { unknownPublication } from './chosen.ts';
import { readPublication, readPublications } from './ledger.ts';
import type { Recorded } from './recorded.ts';

/** Objects are written once, so what is kept is never old; pages of a publication ask for it again for each chart. */
const KEPT_MS = 10 * 60_000;
const MOST_FORECASTS = 4;
const MOST_FILES = 8;

export interface ForecastReads {
  readonly warehouse: Warehouse;
  readonly results: ObjectStore;
}

export class Forecasts {
  readonly #publications: KeptForAWhile<Recorded>;
  readonly #forecasts: KeptForAWhile<Forecast>;
  readonly #files: KeptForAWhile<readonly unknown[]>;

  constructor(now: () => number) {
    this.#publications = new KeptForAWhile({ keptMs: KEPT_MS, most: 50, now });
    this.#forecasts = new KeptForAWhile({ keptMs: KEPT_MS, most: MOST_FORECASTS, now });
    this.#files = new KeptForAWhile({ keptMs: KEPT_MS, most: MOST_FILES, now });
  }

  /** An entry of the ledger never changes. 404 with those that exist. */
  publication(id: string, { name }: Pipeline, { warehouse }: ForecastReads): Promise<Recorded> {
    return this.#publications.of(`${name} ${id}`, async () => {
      const found = await readPublication(warehouse, name, id);
      if (found !== undefined) return found;
      throw unknownPublication(id, name, await readPublications(warehouse, name, OFFERED), '/forecast');
    });
  }

  /** The pictures of a page ask for its publication again, each by its id. */
  remember({ name }: Pipeline, publication: Recorded): void {
    void this.#publications.of(`${name} ${publication.id}`, () => Promise.resolve(publication));
  }

  of(pipeline: ForecastPipeline, publication: Recorded, reads: ForecastReads): Promise<Forecast> {
    return this.#forecasts.of(`${pipeline.name} ${publication.id}`, async () => {
      const { run, attempt } = publication;
      const object = manifestObject(pipeline.name, run, attempt);
      const manifest = (await readJson(reads.results, object, outputManifest))?.value;
      if (manifest?.kind !== 'output') return { kind: 'expired', object };
      return (await this.#read(pipeline, manifest, reads)) ?? { kind: 'expired', object };
    });
  }

  /** Only what the manifest names is read (law 4). */
  async #read(
    { forecast }: ForecastPipeline,
    manifest: DataManifest,
    { results }: ForecastReads,
  ): Promise<Forecast | undefined> {
    const objectOf = (name: string) => manifest.files.find((file) => file.name === name)?.object;
    const index = objectOf(forecast.index);
    if (index === undefined) {
      const { readFromTables } = await import('./forecast-tables.ts');
      return readFromTables(forecast, manifest, results);
    }
    return this.#fromFiles(index, objectOf, results);
  }

  async #fromFiles(
    object: string,
    objectOf: (name: string) => string | undefined,
    results: ObjectStore,
  ): Promise<ReadForecast | undefined> {
    // Most starts of the console show no forecast.
    const { forecastIndex, storedSeries } = await import('../../../models/forecast/published.ts');
    const stored = await results.readText(object, LARGEST_FILE_BYTES);
    if (stored === undefined) return undefined;
    const index = forecastIndex.parse(JSON.parse(stored.text));
    const named = ({ kind, at }: Chosen) =>
      kind === 'cluster' ? CLUSTERS_FILE : sitesFile(Math.floor(at / index.sitesPerFile) + 1);
    const line = async (chosen: Chosen, at: number): Promise<StoredSeries | undefined> => {
      const file = objectOf(named(chosen));
      if (file === undefined) return undefined;
      const series = await this.#files.of(`${results.bucket} ${file}`, async () => {
        const text = (await results.readText(file, LARGEST_FILE_BYTES))?.text;
        if (text === undefined) throw new PageProblem('not-found', `${file} is not kept any more`);
        return JSON.parse(text) as readonly unknown[];
      });
      return series[at] === undefined ? undefined : storedSeries.parse(series[at]);
    };
    return {
      kind: 'files',
      index,
      object,
      objectOf: (chosen) => (chosen.kind === 'all' ? object : (objectOf(named(chosen)) ?? object)),
      site: (at) => line({ kind: 'site', at }, at % index.sitesPerFile),
      cluster: (at) => line({ kind: 'cluster', at }, at),
    };
  }
}

export const OFFERED = 20;

/** The pipeline that the path names; 404 with those that have a forecast. */
export function forecastIn(
  name: string | undefined,
  pipelines: ReadonlyMap<string, Pipeline>,
): ForecastPipeline {
  const found = pipelines.get(name ?? '');
  if (found !== undefined && hasForecast(found)) return found;
  throw new PageProblem(
    'not-found',
    found === undefined ? `pipeline ${(name ?? '').slice(0, 200)}` : `${found.name} publishes no forecast`,
    [...pipelines.values()]
      .filter(hasForecast)
      .map((each) => ({ name: each.name, path: `/p/${each.name}/forecast` })),
  );
}

/** The series that the address names, by its key or, of a site, its whole name; undefined: it names none. */
export function chosenIn(query: URLSearchParams, { sites, clusters }: ForecastIndex): Chosen | undefined {
  const [site, cluster] = [query.get('site') || null, query.get('cluster') || null];
  if (site !== null) {
    const byKey = sites.findIndex(({ key }) => key === site);
    const at = byKey === -1 ? sites.findIndex(({ mall }) => mall === site) : byKey;
    return at === -1 ? undefined : { kind: 'site', at };
  }
  if (cluster === null) return { kind: 'all', at: 0 };
  const at = clusters.findIndex(({ key }) => key === cluster);
  return at === -1 ? undefined : { kind: 'cluster', at };
}
