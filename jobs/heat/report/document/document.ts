// The report as a document to print and to send: the numbers, the maps and the charts of the page, as text and drawings.
import type { Language } from '../../../../shared/page/languages.ts';
import { messagesIn } from '../language/messages.ts';
import type { Messages } from '../language/texts.ts';
import type { MapName, ReportMaps } from '../maps.ts';
import { mapWords } from '../page/maps.ts';
import { shownCity, type Reported } from '../reported.ts';
import {
  capital,
  groundsOf,
  indicatorRows,
  leftOut,
  methodName,
  methodRows,
  missingLayers,
  notesIn,
  scoreRows,
  stationRows,
  withoutScores,
} from '../rows.ts';
import { barChart, drawMap, lineChart, mapHeight } from './charts.ts';
import { INKS, Sheet } from './sheet.ts';

const CHART_HEIGHT = 150;
const DAY_MS = 86_400_000;
const MOST_LABELS = 8;

/** The same input gives the same bytes. `maps` are opaque. */
export async function pdfOf(reported: Reported, maps: ReportMaps, language: Language): Promise<Buffer> {
  const m = messagesIn(language);
  const { city, frozenAt } = reported;
  const { include_maps: hasMaps, include_metrics: hasMetrics } = city.output.report;
  const title = m.page.title(shownCity(city.city), city.period.start, city.period.end);
  const sheet = new Sheet({ title, language, madeAt: new Date(frozenAt), pageOf: m.sheetOf });
  sheet.heading(title, 20);
  sheet.paragraph(`${m.page.intro(groundsOf(reported))} ${m.page.made(frozenAt)}`);
  sheet.heading(m.page.indicators, 13);
  indicatorTable(sheet, m, reported);
  if (hasMaps) mapPages(sheet, m, reported, maps);
  sheet.heading(m.page.course, 13, CHART_HEIGHT);
  course(sheet, m, reported);
  if (hasMetrics) quality(sheet, m, reported, maps);
  sheet.heading(m.page.data, 13);
  for (const text of m.definitions) sheet.paragraph(text);
  sheet.heading(m.page.notes, 13);
  const notes = notesIn(m, reported);
  for (const note of notes.length === 0 ? [m.page.noNotes] : notes) sheet.paragraph(note);
  return sheet.end();
}

const indicatorTable = (sheet: Sheet, m: Messages, reported: Reported): void =>
  sheet.table(
    [
      { head: m.table.indicator, cell: ({ name }) => name, share: 0.27 },
      { head: m.table.value, cell: ({ value }) => value, share: 0.16, isNumber: true },
      { head: m.table.definition, cell: ({ means }) => means, share: 0.57 },
    ],
    indicatorRows(m, reported),
  );

function mapPages(sheet: Sheet, m: Messages, reported: Reported, all: ReportMaps): void {
  const draw = (title: string, names: readonly MapName[]) => {
    const found = names.flatMap((name) => all.get(name) ?? []);
    const height = Math.max(0, ...found.map((map) => mapHeight(map, thirdOf(sheet))));
    sheet.heading(title, 13, height);
    if (found.length === 0) return;
    const words = mapWords(m, reported.indicators.threshold_c);
    const boxes = sheet.boxes(MAPS_IN_ROW, height);
    found.forEach((map, at) => drawMap(sheet, boxes[at]!, map, words[map.name].title, m.format));
  };
  draw(m.page.period, ['mean', 'days', 'intensity']);
  draw(m.page.ground, ['ndvi', 'ndbi']);
  for (const text of missingLayers(m, reported.missing)) sheet.paragraph(text);
}

const MAPS_IN_ROW = 3;
const GAP = 14;
const thirdOf = ({ width }: Sheet): number => (width - 2 * GAP) / MAPS_IN_ROW;

function course(sheet: Sheet, m: Messages, { hours, meanDay, histogram, indicators }: Reported): void {
  const shown = (value: number) => m.format.decimal(value, value % 1 === 0 ? 0 : 1);
  const days = hours.flatMap(({ time }, at) =>
    time % DAY_MS === 0 ? [{ at, text: m.format.shortDay(time) }] : [],
  );
  const every = Math.ceil(days.length / MOST_LABELS);
  const [whole] = sheet.boxes(1, CHART_HEIGHT);
  lineChart(sheet, whole!, {
    title: `${m.charts.hourly} (${m.charts.temperature})`,
    isFromZero: false,
    shown,
    labels: days.filter((_, index) => index % every === 0),
    lines: [
      { ink: INKS.warm, width: 0.6, values: hours.map(({ most }) => most) },
      { ink: INKS.model, width: 0.6, values: hours.map(({ least }) => least) },
      { ink: INKS.strong, width: 1.2, values: hours.map(({ mean }) => mean) },
    ],
  });
  sheet.paragraph(capital(m.charts.hourlyCaption));
  const [left, right] = sheet.boxes(2, CHART_HEIGHT);
  lineChart(sheet, left!, {
    title: `${m.charts.meanDay} (${m.charts.temperature})`,
    lines: [{ ink: INKS.strong, width: 1.2, values: meanDay }],
    isFromZero: false,
    shown,
    labels: hourLabels,
  });
  barChart(sheet, right!, {
    title: `${m.charts.histogram} (${m.charts.temperature})`,
    bars: histogram.map(({ from, share }) => ({
      label: shown(from),
      height: share,
      ink: from >= indicators.threshold_c ? INKS.warm : INKS.model,
    })),
  });
  sheet.paragraph(`${capital(m.charts.meanDayCaption)} ${capital(m.charts.histogramCaption)}`);
}

const hourLabels = [0, 6, 12, 18, 23].map((at) => ({ at, text: `${String(at).padStart(2, '0')}:00` }));

function quality(sheet: Sheet, m: Messages, reported: Reported, maps: ReportMaps): void {
  const { metrics } = reported;
  sheet.heading(m.page.quality, 13);
  sheet.table(
    [
      { head: m.table.score, cell: ({ name }) => name, share: 0.27 },
      { head: m.table.prediction, cell: ({ prediction }) => prediction, share: 0.16, isNumber: true },
      {
        head: `${m.table.baseline} (${methodName(m, metrics.baseline)})`,
        cell: ({ baseline }) => baseline,
        share: 0.2,
        isNumber: true,
      },
      { head: m.table.definition, cell: ({ means }) => means, share: 0.37 },
    ],
    scoreRows(m, reported),
  );
  const reason = withoutScores(m, reported);
  if (reason !== undefined) sheet.paragraph(reason);
  errors(sheet, m, reported, maps);
  methodsAndStations(sheet, m, reported);
}

/** By hour of the day, beside the map of the errors. */
function errors(sheet: Sheet, m: Messages, reported: Reported, maps: ReportMaps): void {
  const { apart, city } = reported;
  const map = city.output.report.include_maps ? maps.get('error') : undefined;
  const hasHours = apart.by_hour.some(({ rmse }) => rmse !== null);
  if (!hasHours && map === undefined) return;
  const boxes = sheet.boxes(
    MAPS_IN_ROW,
    Math.max(hasHours ? CHART_HEIGHT : 0, map === undefined ? 0 : mapHeight(map, thirdOf(sheet))),
    GAP,
  );
  if (map !== undefined) drawMap(sheet, boxes[hasHours ? 2 : 0]!, map, m.maps.error, m.format);
  if (!hasHours) return;
  const of = (key: 'rmse' | 'baseline_rmse') =>
    Array.from({ length: 24 }, (_, hour) => apart.by_hour.find((each) => each.hour === hour)?.[key] ?? null);
  lineChart(
    sheet,
    { ...boxes[0]!, width: 2 * thirdOf(sheet) + GAP, height: CHART_HEIGHT },
    {
      title: `${m.charts.errorByHour} (${m.charts.temperature})`,
      lines: [
        { ink: INKS.base, width: 1, values: of('baseline_rmse') },
        { ink: INKS.model, width: 1.4, values: of('rmse') },
      ],
      isFromZero: true,
      shown: (value) => m.format.decimal(value, 2),
      labels: hourLabels,
    },
  );
  sheet.paragraph(`${capital(m.charts.errorByHourCaption)} ${m.charts.colours}`);
}

function methodsAndStations(sheet: Sheet, m: Messages, reported: Reported): void {
  const methods = methodRows(m, reported);
  if (methods.length > 0) {
    sheet.heading(m.page.methods, 10);
    sheet.table(
      [
        { head: m.table.method, cell: ({ name, isChosen }) => (isChosen ? `${name} *` : name), share: 0.43 },
        { head: m.table.raw, cell: ({ rmse }) => rmse, share: 0.2, isNumber: true },
        { head: m.table.weight, cell: ({ weight }) => weight, share: 0.2, isNumber: true },
      ],
      methods,
    );
    for (const text of leftOut(m, reported)) sheet.paragraph(text);
  }
  const stations = stationRows(m, reported);
  if (stations.length === 0) return;
  sheet.heading(m.page.stations, 10);
  sheet.table(
    [
      { head: m.table.station, cell: ({ station }) => station, share: 0.3 },
      { head: m.table.pairs, cell: ({ pairs }) => pairs, share: 0.1, isNumber: true },
      { head: m.table.bias, cell: ({ bias }) => bias, share: 0.13, isNumber: true },
      { head: m.table.raw, cell: ({ raw }) => raw, share: 0.13, isNumber: true },
      { head: m.table.corrected, cell: ({ corrected }) => corrected, share: 0.18, isNumber: true },
      { head: m.table.input, cell: ({ input }) => input, share: 0.16, isNumber: true },
    ],
    stations,
  );
}
