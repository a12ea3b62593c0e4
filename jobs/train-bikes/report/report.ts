// The page that a traffic analyst opens: how good are the models, where are they not, and what was in the data.
import type { Observations } from '../../../models/bikes/observations.ts';
import { html, type Html } from '../../../shared/report/html.ts';
import { legend } from '../../../shared/report/legend.ts';
import { POLICY, STYLE_ELEMENT } from '../../../shared/report/style.ts';
import { tile } from '../../../shared/report/tile.ts';
import type { Evidence } from '../evidence.ts';
import type { ModelMetrics } from '../metrics.ts';
import type { ReportPages, Reported } from '../train.ts';
import {
  calibration,
  COUNTED_AND_PREDICTED,
  counterChart,
  dailyTotals,
  errorByHour,
  meanDay,
} from './charts.ts';
import { decimal, percent, timeText, whole } from './numbers.ts';
import { candidateTable, counterTable, countersOf, fileTable, noteList } from './tables.ts';

const MOST_CHARTS = 12;

export const reportPages: ReportPages = (reported) => [{ name: 'report.html', page: pageOf(reported) }];

/** One page of HTML that needs nothing but itself: no script, nothing fetched. The same input, the same bytes. */
function pageOf({ pipeline, metrics, observations, models }: Reported): string {
  const evidence = Object.fromEntries(models.map((model) => [model.task, model.evidence]));
  const { reg, class: classes } = metrics.models;
  const title = `${pipeline}: training up to ${timeText(metrics.lastHour)}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>
            ${whole(metrics.rows)} hours of ${whole(metrics.counters)} counters, from
            ${timeText(metrics.firstHour)} to ${timeText(metrics.lastHour)} (local time of Paris). Every error
            on this page is measured out of time: on months that the measured models had not seen.
          </p>
          <div class="tiles">${tiles(reg, classes)}</div>
          ${reg === undefined ? '' : regression(reg, evidence.reg, observations)}
          ${classes === undefined ? '' : classification(classes, evidence.class)}
          <h2>The data</h2>
          ${noteList(metrics)} ${fileTable(metrics)}
          <h2>How it was measured</h2>
          <p>
            Several months in turn are left out at the end of the data. Every candidate is trained on what
            came before, and predicts the month; the numbers are those of all these months together. The
            winner is then trained on all data. The champion's recipe is measured in the same way, on the same
            rows.
          </p>
        </main>
      </body>
    </html> `.markup;
}

function tiles(reg: ModelMetrics | undefined, classes: ModelMetrics | undefined): readonly Html[] {
  const own = numbersOf(reg);
  const naive = Object.values(reg?.naive ?? {})[0] ?? {};
  const called = numbersOf(classes);
  const naiveCalled = Object.values(classes?.naive ?? {})[0] ?? {};
  return [
    tile('Count of an hour, log RMSE', decimal(own['logRmse'], 3), `naive ${decimal(naive['logRmse'], 3)}`),
    tile('Mean error, bicycles an hour', decimal(own['mae'], 1), `naive ${decimal(naive['mae'], 1)}`),
    tile('R²', decimal(own['r2'], 3), `naive ${decimal(naive['r2'], 3)}`),
    tile('Forte or faible, right', percent(called['accuracy']), `naive ${percent(naiveCalled['accuracy'])}`),
    tile('F1 of forte', percent(called['f1']), `naive ${percent(naiveCalled['f1'])}`),
    ...drift(reg, classes),
  ];
}

/** What the champion in service predicted since its own training. */
function drift(...models: readonly (ModelMetrics | undefined)[]): readonly Html[] {
  return models.flatMap((model) => {
    const measured = model?.drift;
    if (!measured || measured.rows === 0) return [];
    const [name = '', value] = Object.entries(measured.metrics)[0] ?? [];
    return [
      tile(
        `The champion since its training, ${name}`,
        decimal(value, 3),
        `${whole(measured.rows)} hours since ${timeText(measured.since)}`,
      ),
    ];
  });
}

const numbersOf = (model: ModelMetrics | undefined): Readonly<Record<string, number>> =>
  model?.candidates.find(({ kind }) => kind === model.best)?.metrics ?? {};

function regression(model: ModelMetrics, evidence: Evidence | undefined, { counters }: Observations): Html {
  const lines = evidence === undefined ? [] : countersOf(evidence, counters);
  return html`<h2>The count of an hour</h2>
    ${candidateTable(model)}
    ${
      evidence === undefined
        ? ''
        : html`${dailyTotals(evidence)}
            <div class="grid halves">
              ${meanDay(evidence, 'working days')}${meanDay(evidence, 'weekends')}${errorByHour(evidence)}
            </div>
            <h2>The counters with the largest errors</h2>
            ${legend(COUNTED_AND_PREDICTED)}
            <div class="grid small">
              ${lines.slice(0, MOST_CHARTS).map(({ index, name }) => counterChart(evidence, index, name))}
            </div>
            ${counterTable(lines)}`
    }`;
}

const classification = (model: ModelMetrics, evidence: Evidence | undefined): Html =>
  html`<h2>Forte or faible</h2>
    <p>An hour is forte where it has more bicycles than the counter's mean hour in the training data.</p>
    ${candidateTable(model)}
    ${evidence === undefined ? '' : html`<div class="grid halves">${calibration(evidence)}</div>`}`;
