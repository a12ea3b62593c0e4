// The tables of a training run: candidates, counters, and what was dropped.
import type { Counter } from '../../../models/bikes/observations.ts';
import { html, type Html } from '../../../shared/report/html.ts';
import { MOST_ROWS, table, type Column } from '../../../shared/report/table.ts';
import {
  grouped,
  logRmseOf,
  meanActual,
  meanError,
  meanPredicted,
  type Evidence,
  type Group,
} from '../evidence.ts';
import type { ModelMetrics, TrainingMetrics } from '../metrics.ts';
import { decimal, percent, timeText, whole } from './numbers.ts';

type Numbers = Readonly<Record<string, number>>;

interface Line {
  readonly what: string;
  readonly recipe: string;
  readonly metrics: Numbers;
}

const METRICS: Readonly<
  Record<string, readonly [head: string, shown: (value: number | undefined) => string]>
> = {
  logRmse: ['log RMSE', (value) => decimal(value, 4)],
  mae: ['MAE', (value) => decimal(value, 2)],
  rmse: ['RMSE', (value) => decimal(value, 2)],
  r2: ['R²', (value) => decimal(value, 3)],
  accuracy: ['accuracy', percent],
  precision: ['precision', percent],
  recall: ['recall', percent],
  f1: ['F1', percent],
  brier: ['Brier score', (value) => decimal(value, 4)],
};

const KIND_NAMES: Readonly<Record<string, string>> = {
  gbt: 'gradient boosting',
  rf: 'random forest',
  nn: 'neural network',
};

/** Every candidate, the champion's recipe and the naive methods, on the same rows. */
export function candidateTable({ best, candidates, champion, naive }: ModelMetrics): Html {
  const lines: readonly Line[] = [
    ...candidates.map(({ kind, recipe, metrics }) => ({
      what: `${KIND_NAMES[kind] ?? kind}${kind === best ? ', the winner' : ''}`,
      recipe,
      metrics,
    })),
    ...(champion === null
      ? []
      : [{ what: "the champion's recipe", recipe: champion.recipe, metrics: champion.metrics }]),
    ...Object.entries(naive).map(([method, metrics]) => ({ what: method, recipe: 'naive', metrics })),
  ];
  const shown = Object.entries(METRICS).filter(([name]) => lines.some(({ metrics }) => name in metrics));
  const columns: readonly Column<Line>[] = [
    { head: 'candidate', cell: ({ what }) => what, kind: 'name' },
    ...shown.map(([name, [head, cell]]) => ({ head, cell: ({ metrics }: Line) => cell(metrics[name]) })),
    { head: 'recipe', cell: ({ recipe }) => recipe, kind: 'name' },
  ];
  return table(columns, lines);
}

export interface CounterLine extends Group {
  readonly index: number;
  readonly name: string;
}

/** By counter, the worst log RMSE first. */
export const countersOf = (evidence: Evidence, counters: readonly Counter[]): readonly CounterLine[] =>
  grouped(evidence, counters.length, (counter) => counter)
    .map((group, index) => ({ ...group, index, name: counters[index]!.name }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => (logRmseOf(b) ?? 0) - (logRmseOf(a) ?? 0));

export const counterTable = (lines: readonly CounterLine[]): Html =>
  table<CounterLine>(
    [
      { head: 'counter', cell: ({ name }) => name, kind: 'name' },
      { head: 'log RMSE', cell: (line) => decimal(logRmseOf(line), 3), kind: 'best' },
      { head: 'counted, mean hour', cell: (line) => decimal(meanActual(line), 1) },
      { head: 'predicted, mean hour', cell: (line) => decimal(meanPredicted(line), 1) },
      { head: 'MAE', cell: (line) => decimal(meanError(line), 1) },
      { head: 'hours', cell: ({ rows }) => whole(rows) },
    ],
    lines.slice(0, MOST_ROWS),
  );

export function fileTable({ files }: TrainingMetrics): Html {
  type File = (typeof files)[number];
  return table<File>(
    [
      { head: 'file', cell: ({ file }) => file, kind: 'name' },
      { head: 'rows', cell: ({ rows }) => whole(rows) },
      { head: 'used', cell: ({ used }) => whole(used) },
      {
        head: 'dropped',
        cell: ({ dropped }) =>
          Object.entries(dropped)
            .map(([reason, count]) => `${whole(count)} ${reason}`)
            .join(', ') || 'none',
        kind: 'name',
      },
      { head: 'first hour', cell: ({ firstHour }) => (firstHour === null ? '–' : timeText(firstHour)) },
      { head: 'last hour', cell: ({ lastHour }) => (lastHour === null ? '–' : timeText(lastHour)) },
    ],
    files.slice(0, MOST_ROWS),
  );
}

export const noteList = ({ notes }: TrainingMetrics): Html =>
  notes.length === 0
    ? html`<p>Nothing odd was found in the data.</p>`
    : html`<ul>
        ${notes.map(({ text }) => html`<li>${text}</li> `)}
      </ul>`;
