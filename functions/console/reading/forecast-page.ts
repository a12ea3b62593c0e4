// What the forecast's screen shows, and answers as JSON: one series, and the lists a page at a time.
import type { ForecastIndex, OffNow } from '../../../models/forecast/published.ts';
import { pageIn, paged, type Paged } from '../pages.ts';
import type { Asked, Ports } from '../ports.ts';
import { forecastAsked, isRead, isWithin, seriesAsked, type Series } from './forecast-series.ts';
import type { ForecastPipeline, NoForecast } from './forecast-shape.ts';
import type { PartProblem } from './part.ts';

export const A_PAGE = 50;
const MOST_CLUSTERS_SHOWN = 100;

export type SiteRow = ForecastIndex['sites'][number];
export type ClusterRow = ForecastIndex['clusters'][number];
export interface OffRow extends OffNow {
  readonly mall: string;
  readonly code: string;
}

export interface ForecastPage {
  readonly pipeline: ForecastPipeline;
  readonly publication: { readonly id: string; readonly publishedAt: string; readonly run: string } | null;
  readonly isPast: boolean;
  /** Why the ledger could not be read; then the publication is what the folders of runs record. */
  readonly ledger: PartProblem | null;
  readonly publications: readonly string[];
  /** Why nothing is shown, where there is a publication. */
  readonly missing: NoForecast | null;
  readonly shown: Shown | null;
}

export interface Shown {
  /** `tables`: the publication is older than the files for people. */
  readonly source: 'files' | 'tables';
  readonly about: Pick<
    ForecastIndex,
    'engine' | 'firstDay' | 'tableFrom' | 'lastActual' | 'lastDay' | 'measured'
  >;
  readonly series: Series;
  readonly offNow: Paged<OffRow>;
  readonly clusters: readonly ClusterRow[];
  readonly sites: Paged<SiteRow>;
  readonly search: string;
  readonly order: 'error' | 'name';
}

export async function readPage(asked: Asked, ports: Ports): Promise<ForecastPage> {
  const asking = await forecastAsked(asked, ports, true);
  const { pipeline, offered, publication, forecast, ledger } = asking;
  const isNamed = Boolean(asked.query.get('at'));
  const page = {
    pipeline,
    publication: publication && {
      id: publication.id,
      publishedAt: publication.publishedAt,
      run: publication.run,
    },
    // Without the ledger, one that the address names may be older.
    isPast: publication !== null && (ledger === null ? publication.id !== offered[0]?.id : isNamed),
    ledger,
    publications: offered.map(({ id }) => id),
  };
  if (!isRead(forecast)) return { ...page, missing: forecast, shown: null };
  const { index, kind } = forecast;
  const { engine, firstDay, tableFrom, lastActual, lastDay, measured } = index;
  const [search, order] = [(asked.query.get('q') ?? '').slice(0, 200), orderIn(asked.query)];
  return {
    ...page,
    missing: null,
    shown: {
      source: kind,
      about: { engine, firstDay, tableFrom, lastActual, lastDay, measured },
      series: await seriesAsked(asked, asking, forecast),
      offNow: paged(offRows(index), pageIn(asked, 'off'), A_PAGE),
      clusters: index.clusters.slice(0, MOST_CLUSTERS_SHOWN),
      sites: paged(sitesIn(index, search, order), pageIn(asked), A_PAGE),
      search,
      order,
    },
  };
}

const orderIn = (query: URLSearchParams): 'error' | 'name' =>
  query.get('order') === 'name' ? 'name' : 'error';

function offRows({ offNow, sites }: ForecastIndex): readonly OffRow[] {
  const known = new Map(sites.map((site) => [site.key, site]));
  return offNow.map((off) => ({
    ...off,
    mall: known.get(off.key)?.mall ?? off.key,
    code: known.get(off.key)?.code ?? '',
  }));
}

/** Sites without an error, which have no day to measure, come last. */
function sitesIn({ sites }: ForecastIndex, search: string, order: 'error' | 'name'): readonly SiteRow[] {
  const found =
    search === ''
      ? sites
      : sites.filter(({ mall, code, cluster }) => isWithin(search, [mall, code, cluster]));
  const byName = (one: SiteRow, other: SiteRow) => (one.mall < other.mall ? -1 : 1);
  return order === 'name'
    ? found.toSorted(byName)
    : found.toSorted((one, other) => (other.wape ?? -1) - (one.wape ?? -1) || byName(one, other));
}
