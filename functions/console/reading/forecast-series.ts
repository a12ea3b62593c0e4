// One series of a forecast, all sites, a cluster or a site, as its charts, its tables and its file show it.
import type { OffNow, StoredDays } from '../../../models/forecast/published.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { chosenIn, forecastIn, OFFERED } from './forecast.ts';
import type { Chosen, Forecast, ForecastPipeline, ReadForecast } from './forecast-shape.ts';
import { readPublications, type PublicationShown } from './ledger.ts';
import { isMissing, Parts, wholeOf, type Part, type PartProblem } from './part.ts';
import { newestRecorded, recordedNamed, type Recorded } from './recorded.ts';

export interface WeekShown {
  readonly monday: string;
  readonly wape: number | null;
  readonly naiveLastWeek?: number | null;
  readonly naiveMeanOfFour?: number | null;
}

export interface Series {
  readonly kind: Chosen['kind'];
  /** Null for all sites. */
  readonly key: string | null;
  readonly name: string | null;
  readonly code: string | null;
  readonly cluster: string | null;
  readonly wape: number | null;
  readonly bias: number | null;
  readonly naiveMeanOfFour: number | null;
  readonly offNow: OffNow | null;
  /** Null for a cluster without days of its own. */
  readonly days: StoredDays | null;
  readonly weeks: readonly WeekShown[];
  readonly object: string;
}

export interface Asking {
  readonly pipeline: ForecastPipeline;
  /** The newest first. */
  readonly offered: readonly PublicationShown[];
  /** That of `?at=`, or the newest; null: nothing was published yet. */
  readonly publication: Recorded | null;
  readonly forecast: Forecast | null;
  /** Why the ledger could not be read; then the publication is what the folders of runs record. */
  readonly ledger: PartProblem | null;
}

/**
 * A page lists what there is to choose from; a picture asks for one publication alone. Where the ledger is silent, the
 * folders of runs say what was published; 503 where they do not.
 */
export async function forecastAsked(asked: Asked, ports: Ports, isListed: boolean): Promise<Asking> {
  const pipeline = forecastIn(asked.params['pipeline'], ports.pipelines);
  const { warehouse, forecasts } = ports;
  const at = asked.query.get('at') || null;
  const parts = new Parts(ports);
  const what = `the publications of ${pipeline.name}`;
  const listed: Part<readonly PublicationShown[]> =
    isListed || at === null
      ? await parts.read(what, () => readPublications(warehouse, pipeline.name, OFFERED))
      : [];
  const offered = isMissing(listed) ? [] : listed;
  const known = offered.find(({ id }) => at === null || id === at) ?? null;
  const found: Part<Recorded | null> =
    known ??
    (at === null
      ? listedNone(listed)
      : await parts.read(what, () => forecasts.publication(at, pipeline, ports)));
  const recorded = isMissing(found) ? await recordedIn(at, pipeline, ports) : found;
  const publication = recorded === undefined ? wholeOf(found) : recorded;
  if (publication !== null) forecasts.remember(pipeline, publication);
  const forecast = publication && (await forecasts.of(pipeline, publication, ports));
  const silent = [listed, found].find(isMissing);
  return { pipeline, offered, publication, forecast, ledger: silent?.problem ?? null };
}

/** Nothing was published yet, or the ledger does not say. */
const listedNone = (listed: Part<readonly PublicationShown[]>): Part<null> =>
  isMissing(listed) ? listed : null;

const recordedIn = (at: string | null, pipeline: ForecastPipeline, { runs }: Ports) =>
  at === null ? newestRecorded(pipeline, runs) : recordedNamed(at, pipeline, runs);

export const isRead = (forecast: Forecast | null): forecast is ReadForecast =>
  forecast !== null && 'index' in forecast;

/** How many sites a refusal lists. */
const MOST_CHOICES = 20;

/** The series that the address names; 404 with the sites that resemble it, or the first ones. */
export async function seriesAsked(
  asked: Asked,
  { pipeline }: Pick<Asking, 'pipeline'>,
  forecast: ReadForecast,
): Promise<Series> {
  const chosen = chosenIn(asked.query, forecast.index);
  if (chosen !== undefined) return seriesOf(forecast, chosen);
  const wanted = asked.query.get('site') || asked.query.get('cluster') || '';
  const at = asked.query.get('at');
  const kind = asked.query.get('site') ? 'site' : 'cluster';
  const listed =
    kind === 'cluster'
      ? forecast.index.clusters.map(({ key, cluster }) => ({ key, name: cluster }))
      : forecast.index.sites.map(({ key, mall }) => ({ key, name: mall }));
  const alike = listed.filter(({ key, name }) => isWithin(wanted, [key, name]));
  throw new PageProblem(
    'not-found',
    `${kind} ${wanted.slice(0, 200)} in the forecast of ${pipeline.name}`,
    (alike.length > 0 ? alike : listed).slice(0, MOST_CHOICES).map(({ key, name }) => ({
      name,
      path: `/p/${pipeline.name}/forecast?${new URLSearchParams({ [kind]: key, ...(at === null ? {} : { at }) }).toString()}`,
    })),
  );
}

/** Whatever the accents and the letter case. */
export function isWithin(wanted: string, texts: readonly string[]): boolean {
  const letters = folded(wanted);
  return texts.some((text) => folded(text).includes(letters));
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

async function seriesOf(forecast: ReadForecast, chosen: Chosen): Promise<Series> {
  const { index } = forecast;
  const object = forecast.objectOf(chosen);
  if (chosen.kind === 'all')
    return {
      ...{ kind: 'all', key: null, name: null, code: null, cluster: null, offNow: null, object },
      ...index.measured,
      days: index.all,
      weeks: index.weeks.map((week) => (forecast.kind === 'files' ? week : withoutNaive(week))),
    };
  const isSite = chosen.kind === 'site';
  const found = isSite ? index.sites[chosen.at] : index.clusters[chosen.at];
  if (found === undefined) throw new Error(`${object} lists no ${chosen.kind} ${chosen.at}`);
  const stored = await (isSite ? forecast.site(chosen.at) : forecast.cluster(chosen.at));
  return {
    kind: chosen.kind,
    key: found.key,
    name: 'mall' in found ? found.mall : found.cluster,
    code: 'code' in found && found.code !== '' ? found.code : null,
    cluster: found.cluster,
    wape: found.wape,
    bias: found.bias,
    naiveMeanOfFour: found.naiveMeanOfFour,
    offNow: (isSite && index.offNow.find(({ key }) => key === found.key)) || null,
    days: stored?.days ?? null,
    weeks: index.weeks.map(({ monday }, at) => ({ monday, wape: stored?.weeks[at] ?? null })),
    object,
  };
}

const withoutNaive = ({ monday, wape }: WeekShown): WeekShown => ({ monday, wape });
