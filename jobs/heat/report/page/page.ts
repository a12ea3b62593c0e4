// The page of a city: how hot it was, where and when, and how far these temperatures can be trusted.
import { html, type Html } from '../../../../shared/page/html.ts';
import type { Language } from '../../../../shared/page/languages.ts';
import { tile } from '../../../../shared/report/tile.ts';
import { wholePage } from '../../../../shared/report/whole-page.ts';
import { reportPage } from '../../../../models/heat/published-files.ts';
import type { Messages } from '../language/texts.ts';
import { messagesIn } from '../language/messages.ts';
import type { MapName, ReportMaps } from '../maps.ts';
import { shownCity, type Reported } from '../reported.ts';
import { groundsOf, methodName, missingLayers, notesIn, numberOf, withoutScores } from '../rows.ts';
import { errorByHourChart, histogramChart, hourlyChart, meanDayChart } from './charts.ts';
import { mapFigure, mapWords } from './maps.ts';
import { framesFigure, SCRIPT } from './slider.ts';
import { STYLE } from './style.ts';
import { fileList, indicatorTable, methodTable, scoreTable, stationTable } from './tables.ts';

/** The same input, the same bytes. */
export function pageOf(reported: Reported, maps: ReportMaps, language: Language): string {
  const m = messagesIn(language);
  const { city, frozenAt } = reported;
  const { include_maps: hasMaps, include_metrics: hasMetrics } = city.output.report;
  const hasFrames = hasMaps && reported.frames.frames.length > 0;
  const title = m.page.title(shownCity(city.city), city.period.start, city.period.end);
  const other = language === 'en' ? 'fr' : 'en';
  const main = html`<h1>${title}</h1>
    <p>${m.page.intro(groundsOf(reported))} ${m.page.made(frozenAt)}</p>
    <p>
      <a href="${reportPage(city.city, other)}" hreflang="${other}" lang="${other}"
        >${m.page.otherLanguage}</a
      >
    </p>
    <div class="tiles">${tiles(m, reported)}</div>
    ${hasMaps ? period(m, reported, maps, hasFrames) : ''}
    <h2>${m.page.indicators}</h2>
    ${indicatorTable(m, reported)}
    <h2>${m.page.course}</h2>
    ${hourlyChart(m, reported)}
    <div class="grid halves">${meanDayChart(m, reported)}${histogramChart(m, reported)}</div>
    ${hasMaps ? ground(m, reported, maps) : ''} ${hasMetrics ? quality(m, reported, maps) : ''}
    <h2>${m.page.data}</h2>
    <ul>
      ${m.definitions.map((text) => html`<li>${text}</li>`)}
    </ul>
    ${noteList(m, reported)}
    <h2>${m.page.files}</h2>
    <p>${m.page.filesIntro}</p>
    ${fileList(m, reported)}`;
  const scripts = hasFrames ? [SCRIPT] : [];
  return wholePage({ language, title, main, styles: [STYLE], scripts, hasImages: hasMaps });
}

function tiles(m: Messages, { indicators, metrics, city }: Reported): readonly Html[] {
  const { tiles: t, format, days } = m;
  const threshold = format.degrees(indicators.threshold_c, indicators.threshold_c % 1 === 0 ? 0 : 1);
  const night = format.signedDegrees(numberOf(indicators, 'urban_heat_island_night_c'));
  const error = tile(
    t.error,
    format.degrees(metrics.rmse, 2),
    t.errorBeside(methodName(m, metrics.baseline), format.degrees(metrics.baseline_rmse, 2)),
  );
  return [
    tile(
      t.mean,
      format.degrees(indicators.mean_temperature_c),
      t.meanBeside(format.degrees(indicators.max_temperature_c)),
    ),
    tile(t.days, days(indicators.days_above_threshold), t.daysBeside(threshold, days(indicators.duration))),
    tile(t.extent, format.area(indicators.extent_km2), t.extentBeside),
    tile(t.island, format.signedDegrees(indicators.urban_heat_island_intensity_c), t.islandBeside(night)),
    ...(city.output.report.include_metrics ? [error] : []),
  ];
}

const figuresOf = (
  m: Messages,
  maps: ReportMaps,
  names: readonly MapName[],
  threshold: number,
): readonly Html[] => {
  const words = mapWords(m, threshold);
  return names.flatMap((name) => {
    const map = maps.get(name);
    return map === undefined ? [] : [mapFigure(m, map, words[name])];
  });
};

const period = (m: Messages, reported: Reported, maps: ReportMaps, hasFrames: boolean): Html =>
  html`<h2>${m.page.period}</h2>
    ${hasFrames ? framesFigure(m, reported) : ''}
    <div class="maps">
      ${figuresOf(m, maps, ['mean', 'days', 'intensity'], reported.indicators.threshold_c)}
    </div>`;

function noteList(m: Messages, reported: Reported): Html {
  const notes = notesIn(m, reported);
  return html`<h2>${m.page.notes}</h2>
    ${
      notes.length === 0
        ? html`<p>${m.page.noNotes}</p>`
        : html`<ul>
            ${notes.map((note) => html`<li>${note}</li>`)}
          </ul>`
    }`;
}

const GROUND = ['ndvi', 'ndbi'] as const;

function ground(m: Messages, { missing }: Reported, maps: ReportMaps): Html {
  const figures = figuresOf(m, maps, GROUND, 0);
  return html`<h2>${m.page.ground}</h2>
    ${figures.length === 0 ? '' : html`<div class="maps">${figures}</div>`}
    ${missingLayers(m, missing).map((text) => html`<p class="reason">${text}</p>`)}`;
}

function quality(m: Messages, reported: Reported, maps: ReportMaps): Html {
  const reason = withoutScores(m, reported);
  const errors = errorByHourChart(m, reported);
  const map = figuresOf(m, maps, ['error'], 0);
  return html`<h2>${m.page.quality}</h2>
    ${scoreTable(m, reported)} ${reason === undefined ? '' : html`<p class="reason">${reason}</p>`}
    ${errors === undefined && map.length === 0 ? '' : html`<div class="grid pair">${errors ?? ''}${map}</div>`}
    ${methodTable(m, reported)} ${stationTable(m, reported)}`;
}
