// The lists of a forecast: the sites that are off now with their band, the clusters, and the sites a page at a time.
import { formatOf } from '../../../shared/page/format.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { pagesShown, type Paged } from '../pages.ts';
import { named, type View } from '../view.ts';
import { FORECAST_WORDS } from '../words/forecast.ts';
import { keptAt } from './forecast-notices.ts';
import {
  A_PAGE,
  type ClusterRow,
  type ForecastPage,
  type OffRow,
  type Shown,
  type SiteRow,
} from '../reading/forecast-page.ts';

const pathOf = ({ pipeline }: ForecastPage): string => `/p/${pipeline.name}/forecast`;

export function offNowShown(page: ForecastPage, { offNow }: Shown, view: View): Html {
  const words = view.say(FORECAST_WORDS);
  const { day, whole } = formatOf(view.asked.language);
  if (offNow.count === 0)
    return html`<h2>${words.offTitle(0)}</h2>
      <p>${words.offNone}</p>`;
  return html`<h2 id="off">${words.offTitle(offNow.count)}</h2>
    <p>${words.offIntro}</p>
    ${table<OffRow>(
      [
        { head: words.site, kind: 'name', cell: (row) => siteLink(page, row, view) },
        { head: words.code, kind: 'name', cell: ({ code }) => (code === '' ? '' : named(code)) },
        { head: words.what, kind: 'name', cell: ({ deviation }) => words.deviations[deviation] },
        { head: words.since, kind: 'name', cell: ({ since }) => day(since) },
        { head: words.openDays, cell: ({ days }) => whole(days) },
        { head: words.lastDay, kind: 'name', cell: ({ date }) => day(date) },
        { head: words.visitors, kind: 'best', cell: ({ actual }) => whole(actual) },
        { head: words.expected, cell: ({ expected }) => whole(expected) },
        { head: words.band, cell: ({ lower, upper }) => words.range(whole(lower), whole(upper)) },
      ],
      offNow.items,
    )}
    ${pager(page, offNow, 'off', view)}`;
}

export function clustersShown(page: ForecastPage, { clusters }: Shown, view: View): Html {
  if (clusters.length === 0) return NOTHING;
  const words = view.say(FORECAST_WORDS);
  const { whole } = formatOf(view.asked.language);
  return html`<h2>${words.clusters}</h2>
    ${table<ClusterRow>(
      [
        {
          head: words.cluster,
          kind: 'name',
          cell: ({ key, cluster }) =>
            view.link(pathOf(page), named(cluster), { ...keptAt(view), cluster: key }),
        },
        { head: words.sites, cell: ({ sites }) => whole(sites) },
        ...errorColumns(view),
      ],
      clusters,
    )}`;
}

export function sitesShown(page: ForecastPage, { sites, search, order }: Shown, view: View): Html {
  const words = view.say(FORECAST_WORDS);
  const { items: rows, count: all, page: number } = sites;
  const from = (number - 1) * A_PAGE;
  const kept = { ...keptAt(view), q: search || undefined };
  return html`<h2 id="sites">${words.sites}</h2>
    <p>${words.found(Math.min(from + 1, all), from + rows.length, all)}</p>
    <p class="sub">
      <span>${words.order}${view.words.colon}</span>
      ${(['error', 'name'] as const).map((each) => {
        const text = each === 'error' ? words.byError : words.byName;
        return each === order
          ? html`<strong>${text}</strong> `
          : html`${view.link(`${pathOf(page)}`, text, { ...kept, order: each })} `;
      })}
    </p>
    ${
      rows.length === 0
        ? NOTHING
        : table<SiteRow>(
            [
              { head: words.site, kind: 'name', cell: (row) => siteLink(page, row, view) },
              { head: words.code, kind: 'name', cell: ({ code }) => (code === '' ? '' : named(code)) },
              { head: words.cluster, kind: 'name', cell: ({ cluster }) => named(cluster) },
              ...errorColumns(view),
            ],
            rows,
          )
    }
    ${pager(page, sites, 'page', view)}`;
}

const siteLink = (page: ForecastPage, { key, mall }: Pick<SiteRow, 'key' | 'mall'>, view: View): Html =>
  view.link(pathOf(page), named(mall), { ...keptAt(view), site: key });

const errorColumns = (view: View) => {
  const words = view.say(FORECAST_WORDS);
  const { percent, signedPercent } = formatOf(view.asked.language);
  return [
    { head: words.error, cell: ({ wape }: SiteRow | ClusterRow) => percent(wape), kind: 'best' as const },
    { head: words.naive, cell: ({ naiveMeanOfFour }: SiteRow | ClusterRow) => percent(naiveMeanOfFour) },
    { head: words.bias, cell: ({ bias }: SiteRow | ClusterRow) => signedPercent(bias) },
  ];
};

/** In the same search and order, and with the other list where it is. */
function pager(page: ForecastPage, list: Paged<unknown>, name: 'off' | 'page', view: View): Html {
  const { query } = view.asked;
  const kept = Object.fromEntries(
    (['at', 'q', 'order', 'off', 'page'] as const).map((each) => [each, query.get(each) || undefined]),
  );
  const words = view.say(FORECAST_WORDS);
  const [label, anchor] =
    name === 'off' ? ([words.offTitle(list.count), '#off'] as const) : ([words.sites, '#sites'] as const);
  return pagesShown(list, { name, label, to: pathOf(page), kept, anchor }, view);
}
