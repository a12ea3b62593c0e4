// The results of the benches as people read them: one line a measure.
import Table from 'cli-table3';
import { isMet, ratioOf, type Measure, type Result } from './measure.ts';

const HEAD = ['bench', 'measure', 'value', 'floor', 'ratio', 'goal', 'met'];
const WIDTHS = [19, 40, 11, 36, 7, 13, 5];

/** Plain text; `colours` for a terminal. */
export function tableOf(results: readonly Result[], colours: boolean): string {
  const plain = { style: { head: [], border: [] } };
  const table = new Table({ head: HEAD, colWidths: WIDTHS, wordWrap: true, ...(colours ? {} : plain) });
  for (const result of results) {
    if (result.kind !== 'measured') {
      table.push([result.bench, { colSpan: HEAD.length - 1, content: `${result.kind}: ${result.reason}` }]);
      continue;
    }
    for (const measure of result.measures) table.push([result.bench, ...cellsOf(measure)]);
  }
  return table.toString();
}

/** The same as Markdown, one row a measure, for a page that keeps what was measured. */
export function markdownOf(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    result.kind === 'measured'
      ? result.measures.map((measure) => [result.bench, ...cellsOf(measure)])
      : [[result.bench, `${result.kind}: ${result.reason}`]],
  );
  const rule = HEAD.map(() => '---');
  const lineOf = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', '<br>')).join(' | ')} |`;
  return [HEAD, rule, ...rows].map(lineOf).join('\n');
}

export function cellsOf(measure: Measure): readonly string[] {
  const { name, value, unit, floor, note } = measure;
  const ratio = ratioOf(measure);
  const met = isMet(measure);
  return [
    note === undefined ? name : `${name}\n(${note})`,
    `${shown(value)} ${unit}`,
    floor === undefined ? '' : `${shown(floor.value)} ${unit}\n${floor.name}`,
    ratio === undefined ? '' : shown(ratio),
    goalText(measure),
    met === undefined ? '' : met ? 'yes' : 'NO',
  ];
}

function goalText({ goal, unit }: Measure): string {
  if (goal === undefined) return '';
  return goal.of === 'ratio' ? `≤ ${goal.most} × floor` : `≤ ${goal.most} ${unit}`;
}

/** Three figures, and no more digits than that before the point asks for. */
const shown = (value: number): string =>
  Math.abs(value) >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toPrecision(3);
