// A plan as text, to be read before it is applied.
import { counted } from '../../shared/counted.ts';
import { sequenceOf } from '../../shared/runs/names.ts';
import type { TableChanges } from '../../shared/warehouse/changes.ts';
import { countsOf, type ReplayPlan } from '../../shared/warehouse/plan.ts';

/** `command` is the whole command that applies the plan. */
export function planText(plan: ReplayPlan, command: string): string {
  const { hash, run, kind, expectedLatest, bytes } = plan;
  const older = expectedLatest !== null && sequenceOf(expectedLatest.run) > sequenceOf(run);
  return [
    `Plan ${hash}: a ${kind} ${kind === 'rollback' ? 'to' : 'of'} run ${run}.`,
    expectedLatest === null
      ? 'Nothing has been published yet.'
      : `Published is run ${expectedLatest.run} (${expectedLatest.publication})${older ? ', which is newer' : ''}.`,
    ...plan.tables.flatMap(tableLines),
    ...plan.files.map((each) => `${each.output}: ${countsOf(each)} files`),
    ...(bytes === null ? [] : [`It would scan ${sizeOf(bytes)}.`]),
    '',
    'Nothing was published. To publish exactly this (refused if another publication comes before):',
    `  ${command}`,
  ].join('\n');
}

function tableLines(table: TableChanges): readonly string[] {
  const { rowsBefore, rowsAfter, columns, largest } = table;
  return [
    '',
    `${table.table}: ${countsOf(table)} (${counted(rowsBefore, 'row')} now, ${rowsAfter} then)`,
    ...columns.map(({ column, rows }) => `  ${column} changes in ${counted(rows, 'row')}`),
    ...largest.map(({ key, columns: cells }) => {
      const changes = cells.map(
        ({ column, before, after }) => `${column} ${shown(before)} → ${shown(after)}`,
      );
      return `  ${Object.values(key).map(shown).join(', ')}: ${changes.join(', ')}`;
    }),
  ];
}

const shown = (value: string | number | boolean | null): string =>
  value === null ? 'nothing' : String(value);

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** Three figures, in thousands: `1.23 MB`. */
function sizeOf(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${UNITS[power]}`;
}
