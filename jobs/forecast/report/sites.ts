// A small chart of each chosen site: its last eight weeks, and the weeks to come.
import type { Backtest } from '../backtest/backtest.ts';
import type { ChosenSites } from './chosen.ts';
import { smallFigure } from '../../../shared/report/figure.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import type { Messages } from './language/english.ts';
import { legend } from '../../../shared/report/legend.ts';
import { dailyOf, recentDays } from '../../../shared/report/forecast/days.ts';
import { recentKeys, recentOfSite } from '../../../shared/report/forecast/recent.ts';
import type { Published } from '../output/published.ts';

/** What the charts of sites are drawn from. */
export interface SiteSource {
  readonly m: Messages;
  readonly backtest: Backtest;
  readonly published: Published;
}

export function siteSections(source: SiteSource, chosen: ChosenSites): Html {
  const { m } = source;
  const section = (title: string, sites: readonly number[]) =>
    sites.length === 0
      ? html``
      : html`<h2>${title}</h2>
          ${siteCharts(source, sites)}`;
  const clusters = chosen.clusters.map(
    ({ cluster, sites }) =>
      html`<details>
        <summary>${m.sites.cluster(cluster, sites.length)}</summary>
        ${siteCharts(source, sites)}
      </details>`,
  );
  return html`${section(m.sites.worst, chosen.worst)} ${section(m.sites.best, chosen.best)}
  ${
    clusters.length === 0
      ? html``
      : html`<h2>${m.sites.others}</h2>
          ${clusters}`
  }
  ${chosen.left === 0 ? html`` : html`<p>${m.sites.left(chosen.left)}</p>`}`;
}

/** Charts beside each other under one legend. `remarkOf` says what is special about a site. */
export const siteCharts = (
  source: SiteSource,
  sites: readonly number[],
  qualityNoteOf: (site: number) => string = () => '',
): Html =>
  html`${legend(
      [...recentKeys(source.m), { name: source.m.sites.dashed, shape: 'last' }],
      source.m.sites.legend,
    )}
    <div class="grid small">${sites.map((site) => siteFigure(source, site, qualityNoteOf(site)))}</div>`;

function siteFigure({ m, backtest, published }: SiteSource, site: number, qualityNote: string): Html {
  const { mall = '', code = '', model, naiveMeanOfFour } = backtest.sites[site] ?? {};
  const caption = m.sites.caption(model?.wape ?? null, model?.bias ?? null, naiveMeanOfFour?.wape ?? null);
  const words = {
    title: m.sites.name(mall, code),
    keys: [],
    caption: qualityNote === '' ? caption : `${qualityNote}. ${caption}`,
  };
  const days = dailyOf(published.index, published.site(site).days);
  return smallFigure(`site-${site}`, words, recentOfSite(m, recentDays(days)));
}
