// The page that a traffic analyst opens: how good are the models, where are they not, and what was in the data.
import type { Observations } from '../../../models/bikes/observations.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import { legend } from '../../../shared/report/legend.ts';
import { LANGUAGES, type Language } from '../../../shared/page/languages.ts';
import { reportFile } from '../../../shared/report/report-file.ts';
import { tile } from '../../../shared/report/tile.ts';
import { wholePage } from '../../../shared/report/whole-page.ts';
import type { Evidence } from '../evidence.ts';
import type { ModelMetrics } from '../metrics.ts';
import type { ReportPages, Reported } from '../train.ts';
import {
  calibration,
  countedAndPredicted,
  counterChart,
  dailyTotals,
  errorByHour,
  meanDay,
} from './charts.ts';
import type { Messages } from './language/english.ts';
import { messagesIn } from './language/messages.ts';
import { candidateTable, counterTable, countersOf, fileTable, noteList } from './tables.ts';

const MOST_CHARTS = 12;

/** The report in every language, under the names of its files. */
export const reportPages: ReportPages = (reported) =>
  LANGUAGES.map((language) => ({ name: reportFile(language), page: pageOf(reported, language) }));

/** Without a script. */
export function pageOf({ pipeline, metrics, observations, models }: Reported, language: Language): string {
  const m = messagesIn(language);
  const evidence = Object.fromEntries(models.map((model) => [model.task, model.evidence]));
  const { reg, class: classes } = metrics.models;
  const title = m.page.title(pipeline, metrics.lastHour);
  const main = html`<h1>${title}</h1>
    <p>${m.page.intro(metrics.rows, metrics.counters, metrics.firstHour, metrics.lastHour)}</p>
    <div class="tiles">${tiles(m, reg, classes)}</div>
    ${reg === undefined ? '' : regression(m, reg, evidence.reg, observations)}
    ${classes === undefined ? '' : classification(m, classes, evidence.class)}
    <h2>${m.page.data}</h2>
    ${noteList(m, metrics)} ${fileTable(m, metrics)}
    <h2>${m.page.measured}</h2>
    <p>${m.page.measuredHow}</p>`;
  return wholePage({ language, title, main });
}

function tiles(
  m: Messages,
  reg: ModelMetrics | undefined,
  classes: ModelMetrics | undefined,
): readonly Html[] {
  const { decimal, percent } = m.format;
  const { tiles: t } = m;
  const own = numbersOf(reg);
  const naive = Object.values(reg?.naive ?? {})[0] ?? {};
  const called = numbersOf(classes);
  const naiveCalled = Object.values(classes?.naive ?? {})[0] ?? {};
  return [
    tile(t.logRmse, decimal(own['logRmse'], 3), t.naive(decimal(naive['logRmse'], 3))),
    tile(t.mae, decimal(own['mae'], 1), t.naive(decimal(naive['mae'], 1))),
    tile(t.r2, decimal(own['r2'], 3), t.naive(decimal(naive['r2'], 3))),
    tile(t.accuracy, percent(called['accuracy']), t.naive(percent(naiveCalled['accuracy']))),
    tile(t.f1, percent(called['f1']), t.naive(percent(naiveCalled['f1']))),
    ...drift(m, reg, classes),
  ];
}

/** What the champion in service predicted since its own training. */
function drift(m: Messages, ...models: readonly (ModelMetrics | undefined)[]): readonly Html[] {
  return models.flatMap((model) => {
    const measured = model?.drift;
    if (!measured || measured.rows === 0) return [];
    const [name = '', value] = Object.entries(measured.metrics)[0] ?? [];
    return [
      tile(
        m.tiles.drift(m.metrics[name] ?? name),
        m.format.decimal(value, 3),
        m.tiles.driftOf(measured.rows, measured.since),
      ),
    ];
  });
}

const numbersOf = (model: ModelMetrics | undefined): Readonly<Record<string, number>> =>
  model?.candidates.find(({ kind }) => kind === model.best)?.metrics ?? {};

function regression(
  m: Messages,
  model: ModelMetrics,
  evidence: Evidence | undefined,
  { counters }: Observations,
): Html {
  const lines = evidence === undefined ? [] : countersOf(evidence, counters);
  return html`<h2>${m.page.count}</h2>
    ${candidateTable(m, model)}
    ${
      evidence === undefined
        ? ''
        : html`${dailyTotals(m, evidence)}
            <div class="grid halves">
              ${meanDay(m, evidence, 'workingDays')}${meanDay(m, evidence, 'weekends')}${errorByHour(m, evidence)}
            </div>
            <h2>${m.page.worst}</h2>
            ${legend(countedAndPredicted(m))}
            <div class="grid small">
              ${lines.slice(0, MOST_CHARTS).map(({ index, name }) => counterChart(m, evidence, index, name))}
            </div>
            ${counterTable(m, lines)}`
    }`;
}

const classification = (m: Messages, model: ModelMetrics, evidence: Evidence | undefined): Html =>
  html`<h2>${m.page.class}</h2>
    <p>${m.page.classMeans}</p>
    ${candidateTable(m, model)} ${evidence === undefined ? '' : calibration(m, evidence)}`;
