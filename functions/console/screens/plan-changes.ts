// What a plan would change in one table: counts, the columns that change, and the largest changes.
import { html, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { TableChanges } from '../../../shared/warehouse/changes.ts';
import { facts, named, type View } from '../view.ts';
import { PLAN_WORDS } from '../words/plan.ts';

/** A table may have hundreds of columns. */
const MOST_COLUMNS = 30;

export function tableChangesShown(changes: TableChanges, view: View): Html {
  const { labels } = view.words;
  const say = view.say(PLAN_WORDS);
  const { added, removed, changed, rowsBefore, rowsAfter, columns } = changes;
  const left = columns.length - MOST_COLUMNS;
  return html`<h2>${changes.table}</h2>
    ${added + removed + changed === 0 ? html`<p>${say.noChange}</p>` : ''}
    ${facts([
      [labels.rows, `${view.number(rowsBefore)} → ${view.number(rowsAfter)}`],
      [labels.added, view.number(added)],
      [labels.removed, view.number(removed)],
      [labels.changed, view.number(changed)],
      ...columns
        .slice(0, MOST_COLUMNS)
        .map(({ column, rows }): [string, string] => [say.column(column), view.number(rows)]),
      left > 0 ? [labels.column, say.more(view.number(left))] : undefined,
    ])}
    ${largestShown(changes, view)}`;
}

type Cell = TableChanges['largest'][number]['columns'][number]['before'];

function largestShown({ largest }: TableChanges, view: View): Html {
  const { labels, largest: title } = view.words;
  const shown = (cell: Cell) =>
    cell === null ? '' : named(typeof cell === 'number' ? view.number(cell) : String(cell));
  const rows = largest.flatMap(({ key, columns }) =>
    columns.slice(0, MOST_COLUMNS).map((column) => ({ key, ...column })),
  );
  const [first] = rows;
  if (first === undefined) return html``;
  return html`<h3>${title}</h3>
    ${table<(typeof rows)[number]>(
      [
        ...Object.keys(first.key).map((name) => ({
          head: name,
          kind: 'name' as const,
          cell: ({ key }: (typeof rows)[number]) => shown(key[name] ?? null),
        })),
        { head: labels.column, kind: 'name', cell: ({ column }) => column },
        { head: labels.before, cell: ({ before }) => shown(before) },
        { head: labels.after, cell: ({ after }) => shown(after) },
      ],
      rows,
    )}`;
}
