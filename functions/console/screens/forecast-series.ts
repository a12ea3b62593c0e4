// One series of a forecast: its errors, its charts as pictures, and the same numbers as tables.
import { commandLine } from '../../../shared/command-line.ts';
import { formatOf } from '../../../shared/page/format.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { dailyOf, daysFrom, recentDays } from '../../../shared/report/forecast/days.ts';
import { tableName, tablesOf } from '../../../shared/pipelines/outputs.ts';
import { why } from '../parts.ts';
import type { Series } from '../reading/forecast-series.ts';
import { facts, named, type View } from '../view.ts';
import { FORECAST_WORDS } from '../words/forecast.ts';
import { CHARTS, chartPath, csvPath, type ChartKind } from './forecast-addresses.ts';
import { altOfDays, altOfWeeks, nameOf } from './forecast-alt.ts';
import { recentTable, weeksTable, yearTable } from './forecast-numbers.ts';
import { keptAt } from './forecast-notices.ts';
import type { ForecastPage, Shown } from '../reading/forecast-page.ts';

export function seriesShown(page: ForecastPage, shown: Shown, view: View): Html {
  const { series, about } = shown;
  const words = view.say(FORECAST_WORDS);
  const path = `/p/${page.pipeline.name}/forecast`;
  return html`<h2>${named(nameOf(series, view))}</h2>
    ${
      series.kind === 'all'
        ? html`<p>${words.about(shown.sites.count, about.lastActual, about.lastDay, about.engine)}</p>`
        : html`<p>${view.link(path, words.allSites, keptAt(view))}</p>`
    }
    ${series.kind === 'all' ? measuredOfAll(shown, view) : measured(series, page, view)}
    ${offFinding(series, view)}
    ${series.days === null ? html`<p>${words.noDays}</p>` : charts(page, shown, view)}
    ${whyOf(page, series, view)}`;
}

function measuredOfAll({ about: { measured: of } }: Shown, view: View): Html {
  const words = view.say(FORECAST_WORDS);
  const { percent, signedPercent } = formatOf(view.asked.language);
  return html`${facts([
      [words.error, html`<strong>${percent(of.wape)}</strong>`],
      [words.naiveLastWeek, percent(of.naiveLastWeek)],
      [words.naive, percent(of.naiveMeanOfFour)],
      [words.sixWeeks, percent(of.wapeHorizon)],
      [words.bias, signedPercent(of.bias)],
      [words.within, percent(of.coverage)],
    ])}
    <p>${words.measured}</p>`;
}

function measured(series: Series, page: ForecastPage, view: View): Html {
  const words = view.say(FORECAST_WORDS);
  const { percent, signedPercent } = formatOf(view.asked.language);
  const { code, cluster, kind, wape, bias, naiveMeanOfFour } = series;
  return html`${facts([
      code === null ? undefined : [words.code, named(code)],
      kind === 'cluster' || cluster === null ? undefined : [words.cluster, clusterLink(cluster, page, view)],
      [words.error, html`<strong>${percent(wape)}</strong>`],
      [words.naive, percent(naiveMeanOfFour)],
      [words.bias, signedPercent(bias)],
    ])}
    <p>${words.measured}</p>`;
}

/** A cluster by its key where the publication lists it; an older one lists none. */
function clusterLink(cluster: string, { pipeline, shown }: ForecastPage, view: View): Html {
  const listed = shown?.clusters.find((each) => each.cluster === cluster);
  if (listed === undefined) return named(cluster);
  return view.link(`/p/${pipeline.name}/forecast`, named(cluster), { ...keptAt(view), cluster: listed.key });
}

function offFinding({ offNow }: Series, view: View): Html {
  if (offNow === null) return NOTHING;
  const words = view.say(FORECAST_WORDS);
  const { day, whole } = formatOf(view.asked.language);
  return html`<h3>${words.off(words.deviations[offNow.deviation])}</h3>
    ${facts([
      [words.since, day(offNow.since)],
      [words.openDays, whole(offNow.days)],
      [words.lastDay, day(offNow.date)],
      [words.visitors, html`<strong>${whole(offNow.actual)}</strong>`],
      [words.expected, whole(offNow.expected)],
      [words.band, words.range(whole(offNow.lower), whole(offNow.upper))],
    ])}`;
}

function charts(page: ForecastPage, { series, about, source }: Shown, view: View): Html {
  const words = view.say(FORECAST_WORDS);
  if (series.days === null) return NOTHING;
  const days = dailyOf(about, series.days);
  const [recent, year] = [recentDays(days), daysFrom(days, about.tableFrom)];
  const of = {
    recent: { alt: altOfDays(recent, series, view), numbers: () => recentTable(recent, view) },
    year: { alt: altOfDays(year, series, view), numbers: () => yearTable(year, view) },
    weeks: { alt: altOfWeeks(series, view), numbers: () => weeksTable(series.weeks, view) },
  };
  return html`${source === 'tables' && series.kind === 'all' ? html`<p>${words.noBandOfAll}</p>` : NOTHING}
    ${CHARTS.map((kind) => chart(page, series, kind, of[kind], view))}
    <p><a href="${csvPath(page, series, view)}">${words.csv}</a></p>`;
}

interface ChartTexts {
  readonly alt: string;
  readonly numbers: () => Html;
}

/** Four pictures, of which a browser loads the one for its width and theme; on paper the light one. */
function chart(page: ForecastPage, series: Series, kind: ChartKind, texts: ChartTexts, view: View): Html {
  const words = view.say(FORECAST_WORDS);
  const { title, caption } = words.charts[kind];
  const path = (size: 'wide' | 'narrow', theme: 'light' | 'dark') =>
    chartPath(page, series, { kind, size, theme }, view);
  return html`<h3>${title}</h3>
    <figure class="chart">
      <picture>
        <source
          media="screen and (max-width: 760px) and (prefers-color-scheme: dark)"
          srcset="${path('narrow', 'dark')}"
        />
        <source media="screen and (max-width: 760px)" srcset="${path('narrow', 'light')}" />
        <source media="screen and (prefers-color-scheme: dark)" srcset="${path('wide', 'dark')}" />
        <img class="chart" src="${path('wide', 'light')}" alt="${texts.alt}" loading="lazy" />
      </picture>
      <figcaption>${caption}</figcaption>
      <p class="sub">
        <a
          class="picture"
          href="${chartPath(page, series, { kind, size: 'wide', theme: 'light', isSaved: true }, view)}"
          download
          >${words.picture}</a
        >
      </p>
      <details>
        <summary>${words.numbers}</summary>
        ${texts.numbers()}
      </details>
    </figure>`;
}

function whyOf({ pipeline, publication }: ForecastPage, series: Series, view: View): Html {
  const { days } = pipeline.forecast;
  const output = tablesOf(pipeline).find(({ file }) => file === days.file);
  const where =
    series.kind === 'all'
      ? ''
      : ` WHERE ${series.kind === 'site' ? days.site : days.cluster} = ${JSON.stringify(series.name)}`;
  return why(
    {
      objects: [`${series.object} (${publication?.id ?? ''})`],
      ...(output && {
        query: `SELECT ${[days.site, days.date, days.actual, days.predicted].join(', ')} FROM ${tableName(output)}${where} ORDER BY ${days.site}, ${days.date}`,
      }),
      line: commandLine(pipeline.name, `report ${publication?.run ?? ''}`),
    },
    view,
  );
}
