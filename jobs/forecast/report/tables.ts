// The numbers behind the charts: per horizon week, cluster and site.
import type { CoverageBacktest } from '../intervals/coverage.ts';
import type { Compared, Backtest } from '../backtest/backtest.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import type { Messages } from './language/english.ts';
import { MOST_ROWS, table, type Column } from '../../../shared/page/table.ts';

/** More sites than this are folded away. */
const UNFOLDED_SITES = 25;

export function clusterTable(m: Messages, { clusters }: Backtest): Html {
  const names: Column<Backtest['clusters'][number]>[] = [
    { head: m.column.cluster, cell: ({ cluster }) => cluster, kind: 'name' },
    { head: m.column.sites, cell: ({ sites }) => m.format.whole(sites) },
  ];
  const left = clusters.length - MOST_ROWS;
  return html`${table([...names, ...errorColumns(m)], clusters.slice(0, MOST_ROWS))}
  ${left > 0 ? html`<p>${m.page.more(left)}</p>` : html``}`;
}

/** The worst first, for these need a look; sites without an error last. */
export function siteTable(m: Messages, { sites }: Backtest): Html {
  const names: Column<Backtest['sites'][number]>[] = [
    { head: m.column.site, cell: ({ mall }) => mall, kind: 'name' },
    { head: m.column.code, cell: ({ code }) => code, kind: 'name' },
    { head: m.column.cluster, cell: ({ cluster }) => cluster, kind: 'name' },
  ];
  const worst = sites
    .toSorted((one, other) => (other.model.wape ?? -1) - (one.model.wape ?? -1))
    .slice(0, MOST_ROWS);
  const left = sites.length - worst.length;
  return html`<details ${sites.length <= UNFOLDED_SITES ? 'open' : ''}>
    <summary>${m.page.sitesFolded(worst.length, sites.length)}</summary>
    ${table([...names, ...errorColumns(m)], worst)} ${left > 0 ? html`<p>${m.page.more(left)}</p>` : html``}
  </details>`;
}

export function horizonTable(m: Messages, { horizonWeeks }: Backtest, coverage: CoverageBacktest): Html {
  const { percent, signedPercent, whole } = m.format;
  type Row = Backtest['horizonWeeks'][number];
  const bandOf = ({ week }: Row) => coverage.horizonWeeks[week - 1];
  const columns: Column<Row>[] = [
    { head: m.column.weeksAhead, cell: ({ week }) => String(week), kind: 'name' },
    ...wapeColumns(m),
    { head: m.column.bias, cell: ({ model }) => signedPercent(model.bias) },
    { head: m.column.withinBand, cell: (row) => percent(bandOf(row)?.within ?? null) },
    { head: m.column.below, cell: (row) => percent(bandOf(row)?.below ?? null) },
    { head: m.column.above, cell: (row) => percent(bandOf(row)?.above ?? null) },
    { head: m.column.bandWidth, cell: (row) => percent(bandOf(row)?.width ?? null, 0) },
    { head: m.column.siteDays, cell: ({ model }) => whole(model.siteDays) },
  ];
  return table(columns, horizonWeeks);
}

const wapeColumns = ({ column, format: { percent } }: Messages): readonly Column<Compared>[] => [
  { head: 'WAPE', cell: ({ model }) => percent(model.wape), kind: 'best' },
  { head: column.lastWeek, cell: ({ naiveLastWeek }) => percent(naiveLastWeek.wape) },
  { head: column.meanOfFour, cell: ({ naiveMeanOfFour }) => percent(naiveMeanOfFour.wape) },
];

const errorColumns = (m: Messages): readonly Column<Compared>[] => [
  ...wapeColumns(m),
  { head: 'MAE', cell: ({ model }) => m.format.whole(model.mae) },
  { head: 'RMSE', cell: ({ model }) => m.format.whole(model.rmse) },
  { head: m.column.bias, cell: ({ model }) => m.format.signedPercent(model.bias) },
  { head: m.column.siteDays, cell: ({ model }) => m.format.whole(model.siteDays) },
];
