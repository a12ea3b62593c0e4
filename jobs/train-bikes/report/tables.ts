// The tables of a training run: candidates, counters, and what was dropped.
import type { Counter } from '../../../models/bikes/observations.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import { MOST_ROWS, table, type Column } from '../../../shared/page/table.ts';
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
import type { DropReason } from '../reading/reasons.ts';
import type { Messages } from './language/english.ts';

type Numbers = Readonly<Record<string, number>>;

interface Line {
  readonly what: string;
  readonly recipe: string;
  readonly metrics: Numbers;
}

/** How many digits each metric has; undefined: it is a share, in percent. In the sequence of the columns. */
const DIGITS: Readonly<Record<string, number | undefined>> = {
  ...{ logRmse: 4, mae: 2, rmse: 2, r2: 3 },
  ...{ accuracy: undefined, precision: undefined, recall: undefined, f1: undefined, brier: 4 },
};

/** Every candidate, the champion's recipe and the naive methods, on the same rows. */
export function candidateTable(m: Messages, { best, candidates, champion, naive }: ModelMetrics): Html {
  const { decimal, percent } = m.format;
  const lines: readonly Line[] = [
    ...candidates.map(({ kind, recipe, metrics }) => ({
      what: kind === best ? m.table.winner(m.kinds[kind] ?? kind) : (m.kinds[kind] ?? kind),
      recipe,
      metrics,
    })),
    ...(champion === null
      ? []
      : [{ what: m.table.champion, recipe: champion.recipe, metrics: champion.metrics }]),
    ...Object.entries(naive).map(([method, metrics]) => ({
      what: m.naive[method] ?? method,
      recipe: m.table.naive,
      metrics,
    })),
  ];
  const shown = Object.entries(DIGITS).filter(([name]) => lines.some(({ metrics }) => name in metrics));
  const columns: readonly Column<Line>[] = [
    { head: m.table.candidate, cell: ({ what }) => what, kind: 'name' },
    ...shown.map(([name, digits]) => ({
      head: m.metrics[name] ?? name,
      cell: ({ metrics: { [name]: value } }: Line) =>
        digits === undefined ? percent(value) : decimal(value, digits),
    })),
    { head: m.table.recipe, cell: ({ recipe }) => recipe, kind: 'name' },
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

export const counterTable = (
  { table: t, format: { decimal, whole } }: Messages,
  lines: readonly CounterLine[],
): Html =>
  table<CounterLine>(
    [
      { head: t.counter, cell: ({ name }) => name, kind: 'name' },
      { head: 'log RMSE', cell: (line) => decimal(logRmseOf(line), 3), kind: 'best' },
      { head: t.actualHour, cell: (line) => decimal(meanActual(line), 1) },
      { head: t.predictedHour, cell: (line) => decimal(meanPredicted(line), 1) },
      { head: 'MAE', cell: (line) => decimal(meanError(line), 1) },
      { head: t.hours, cell: ({ rows }) => whole(rows) },
    ],
    lines.slice(0, MOST_ROWS),
  );

export function fileTable(
  { table: t, dropped: reasons, format }: Messages,
  { files }: TrainingMetrics,
): Html {
  const { whole, time } = format;
  type File = (typeof files)[number];
  return table<File>(
    [
      { head: t.file, cell: ({ file }) => file, kind: 'name' },
      { head: t.rows, cell: ({ rows }) => whole(rows) },
      { head: t.used, cell: ({ used }) => whole(used) },
      {
        head: t.dropped,
        cell: ({ dropped }) =>
          Object.entries(dropped)
            .map(([reason, count]) => `${whole(count)} ${reasons[reason as DropReason]}`)
            .join(', ') || t.none,
        kind: 'name',
      },
      { head: t.firstHour, cell: ({ firstHour }) => (firstHour === null ? '–' : time(firstHour)) },
      { head: t.lastHour, cell: ({ lastHour }) => (lastHour === null ? '–' : time(lastHour)) },
    ],
    files.slice(0, MOST_ROWS),
  );
}

/** The notes are those of the job's log, in English. */
export const noteList = ({ page }: Messages, { notes }: TrainingMetrics): Html =>
  notes.length === 0
    ? html`<p>${page.noNotes}</p>`
    : html`${page.notes === '' ? '' : html`<p>${page.notes}</p>`}
        <ul lang="en">
          ${notes.map(({ text }) => html`<li>${text}</li> `)}
        </ul>`;
