// The sites that need a look today, before everything else: what came, and what was expected.
import type { OffSite } from '../backtest/off-now.ts';
import { MOST_OFF } from './chosen.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import type { Messages } from './language/english.ts';
import { siteCharts, type SiteSource } from './sites.ts';
import { table } from '../../../shared/page/table.ts';

/** So many charts stand open; the others are folded away. */
const UNFOLDED_CHARTS = 9;

/** `charted` are the rows in the panel of the first of `sites`, in the same order. */
export function sitesOffNow(source: SiteSource, sites: readonly OffSite[], charted: readonly number[]): Html {
  const { m } = source;
  const words = m.offNow;
  if (sites.length === 0)
    return html`<h2>${words.heading}</h2>
      <p>${words.none}</p>`;
  const left = sites.length - MOST_OFF;
  const findings = new Map(sites.map((site) => [site.code, words.since(words[site.deviation], site.since)]));
  const charts = (some: readonly number[]) =>
    siteCharts(source, some, (site) => findings.get(source.backtest.sites[site]?.code ?? '') ?? '');
  const folded = charted.slice(UNFOLDED_CHARTS);
  return html`<h2>${words.heading}</h2>
    <p>${words.intro}</p>
    ${offTable(m, sites.slice(0, MOST_OFF))} ${left > 0 ? html`<p>${m.page.more(left)}</p>` : html``}
    ${charts(charted.slice(0, UNFOLDED_CHARTS))}
    ${
      folded.length === 0
        ? html``
        : html`<details>
            <summary>${words.charts(folded.length)}</summary>
            ${charts(folded)}
          </details>`
    }`;
}

const offTable = ({ column, offNow, format: { day, whole } }: Messages, sites: readonly OffSite[]): Html =>
  table<OffSite>(
    [
      { head: column.site, cell: ({ mall }) => mall, kind: 'name' },
      { head: column.code, cell: ({ code }) => code, kind: 'name' },
      { head: column.what, cell: ({ deviation }) => offNow[deviation], kind: 'name' },
      { head: column.since, cell: ({ since }) => day(since) },
      { head: column.openDays, cell: ({ days }) => whole(days) },
      { head: column.lastDay, cell: ({ date }) => day(date) },
      { head: column.visitors, cell: ({ actual }) => whole(actual), kind: 'best' },
      { head: column.expected, cell: ({ expected }) => whole(expected) },
      { head: column.band, cell: ({ lower, upper }) => offNow.range(lower, upper) },
    ],
    sites,
  );
