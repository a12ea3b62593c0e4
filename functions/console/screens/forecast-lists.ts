// The lists of a forecast: the sites that are off now with their band, the clusters, and the sites a page at a time.
import { formatOf } from '../../../shared/page/format.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { named, type View } from '../view.ts';
import { FORECAST_WORDS } from '../words/forecast.ts';
import { keptAt } from './forecast-notices.ts';
import type { ClusterRow, ForecastPage, Listed, OffRow, Shown, SiteRow } from '../reading/forecast-page.ts';

const pathOf = ({ pipeline }: ForecastPage): string => `/p/${pipeline.name}/forecast`;

export function offNowShown(page: ForecastPage, { offNow }: Shown, view: View): Html {
  const words = view.say(FORECAST_WORDS);
  const { day, whole } = formatOf(view.asked.language);
  if (offNow.all === 0)
    return html`<h2>${words.offTitle(0)}</h2>
      <p>${words.offNone}</p>`;
  return html`<h2 id="off">${words.offTitle(offNow.all)}</h2>
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
      offNow.rows,
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
  const { from, rows, all } = sites;
  const kept = { ...keptAt(view), q: search || undefined };
  return html`<h2 id="sites">${words.sites}</h2>
    <p>${words.found(Math.min(from + 1, all), from + rows.length, all)}</p>
    <p class="sub">
      <span>${words.order}:</span>
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

/** The page before and the one behind, in the same search and order. */
function pager(
  page: ForecastPage,
  { from, rows, all }: Listed<unknown>,
  name: 'off' | 'page',
  view: View,
): Html {
  const isLast = from + rows.length >= all;
  if (from === 0 && isLast) return NOTHING;
  const { query } = view.asked;
  const kept = Object.fromEntries(
    (['at', 'q', 'order', 'off', 'page'] as const).map((each) => [each, query.get(each) || undefined]),
  );
  const number = Number(query.get(name) || '1');
  const anchor = name === 'off' ? 'off' : 'sites';
  const to = (target: number, text: string) =>
    html`<a href="${view.path(pathOf(page), { ...kept, [name]: target })}#${anchor}">${text}</a> `;
  return html`<nav class="pager" aria-label="${view.say(FORECAST_WORDS)[name === 'off' ? 'what' : 'sites']}">
    ${from === 0 ? NOTHING : to(number - 1, view.words.previousPage)}
    ${isLast ? NOTHING : to(number + 1, view.words.nextPage)}
  </nav>`;
}
