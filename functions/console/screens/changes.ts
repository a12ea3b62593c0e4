// What changed between two publications: counts, the largest changes, and every row on pages of its own.
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { tablesOf } from '../../../shared/pipelines/outputs.ts';
import { choosing, days, select } from '../fields.ts';
import { missingShown } from '../missing.ts';
import { planLinks } from '../next-steps.ts';
import { screensOf } from '../navigation.ts';
import { pagesShown } from '../pages.ts';
import { why } from '../parts.ts';
import {
  A_PAGE,
  KINDS,
  readChanges,
  type Changes,
  type ComparedTable,
  type ShownRows,
} from '../reading/changes.ts';
import type { PublicationShown } from '../reading/ledger.ts';
import { screen } from '../screen.ts';
import { facts, named, type Params, type View } from '../view.ts';
import { SCREENS } from '../words/screens.ts';
import { SEARCH } from '../words/search.ts';
import { asOf } from './past.ts';

export const changes = screen<Changes>({
  read: readChanges,
  title: ({ pipeline }, view) => `${view.say(SCREENS.changes)}${view.words.colon}${pipeline.name}`,
  body: (data, view) =>
    html`${screensOf(data.pipeline, view)}
      ${data.isPast ? asOf(data.to?.id ?? '', `/p/${data.pipeline.name}/changes`, view) : NOTHING}
      <p>${view.words.compareTitle}</p>
      ${chooser(data, view)} ${answer(data, view)}`,
});

function answer(data: Changes, view: View): Html {
  const { words } = view;
  const { pipeline, from, to, tables } = data;
  if (tablesOf(pipeline).length === 0) return html`<p>${words.noTable}</p>`;
  if (from === null || to === null) return html`<p>${words.noPublication}</p>`;
  return html`${tables.map((each) => tableShown(each, data, view))} ${planLinks(pipeline, from.run, view)}`;
}

function tableShown(compared: ComparedTable, data: Changes, view: View): Html {
  const { words } = view;
  const { labels } = words;
  const { table: name, counts, shown, expired, tooLarge, problem, objects, key } = compared;
  const line = `npm run sluice -- --pipeline ${data.pipeline.name} run ${data.to?.run ?? ''}`;
  const origin = why({ objects, line }, view);
  if (problem !== null)
    return html`<h2>${name}</h2>
      ${missingShown('rows', problem, view)} ${origin}`;
  if (counts === null || shown === null)
    return html`<h2>${name}</h2>
      <p class="notice">
        ${tooLarge === null ? words.expiredOutput(expired ?? '') : words.tooLargeOutput(tooLarge)}
      </p>
      ${origin}`;
  return html`<h2>${name}</h2>
    ${counts.added + counts.removed + counts.changed === 0 ? html`<p>${words.unchanged}</p>` : ''}
    ${facts([
      [labels.rows, `${view.number(counts.rowsBefore)} → ${view.number(counts.rowsAfter)}`],
      ...KINDS.map((kind): [string, string | Html] => [
        labels[kind],
        counts[kind] === 0
          ? view.number(0)
          : linked(pathTo(data, name, view, { show: kind }), view.number(counts[kind])),
      ]),
      ...counts.columns.map(({ column, rows }): [string, Html] => [
        labels.column,
        html`${column}${words.colon}${linked(pathTo(data, name, view, { show: 'changed', column }), view.number(rows))}`,
      ]),
    ])}
    ${rowsShown(shown, key, data, name, view)} ${origin}`;
}

/** What the address of this page has besides its choice of rows. */
const keptOf = ({ from, to, range }: Changes, tableName: string): Params => ({
  ...{ from: from?.id, to: to?.id, table: tableName },
  ...{ since: range.from ?? undefined, until: range.to ?? undefined },
});

const addressOf = ({ pipeline }: Changes): string => `/p/${pipeline.name}/changes`;

/** The path of this page with these choices beside those that it has. */
const pathTo = (data: Changes, tableName: string, view: View, choice: Params): string =>
  view.path(addressOf(data), { ...keptOf(data, tableName), ...choice });

const linked = (path: string, text: string): Html => html`<a href="${path}">${text}</a>`;

function rowsShown(
  shown: ShownRows,
  key: readonly string[],
  data: Changes,
  tableName: string,
  view: View,
): Html {
  const texts = view.say(SEARCH);
  const { kind, column, page, rows, all } = shown;
  if (rows.length === 0) return NOTHING;
  if (data.kind === null)
    return html`<h3>${view.words.largest}</h3>
      ${cellsShown(key, shown, view)}
      ${all <= rows.length ? NOTHING : html`<p>${linked(pathTo(data, tableName, view, { show: 'changed' }), texts.allRows)}</p>`}`;
  const first = (page - 1) * A_PAGE + 1;
  const kept = { ...keptOf(data, tableName), show: kind, column: column ?? undefined };
  const pages = Math.ceil(all / A_PAGE);
  return html`<h3>${texts.shows[kind]}${column === null ? '' : `${view.words.colon}${column}`}</h3>
    <p>${texts.rowsOf(view.number(first), view.number(first + rows.length - 1), view.number(all))}</p>
    ${cellsShown(key, shown, view)}
    ${pagesShown({ page, pages }, { label: tableName, to: addressOf(data), kept }, view)}`;
}

/** One line for each cell that differs. */
function cellsShown(key: readonly string[], { kind, rows }: ShownRows, view: View): Html {
  const { labels } = view.words;
  const cells = rows.flatMap((row) => row.columns.map((cell) => ({ ...row, cell })));
  type Cell = (typeof cells)[number];
  return table<Cell>(
    [
      ...key.map((column, index) => ({
        head: column,
        kind: 'name' as const,
        cell: (row: Cell) => named(row.key[index] ?? ''),
      })),
      { head: labels.column, kind: 'name', cell: ({ cell }) => cell.column },
      ...(kind === 'added' ? [] : [{ head: labels.before, cell: ({ cell }: Cell) => named(cell.before) }]),
      ...(kind === 'removed' ? [] : [{ head: labels.after, cell: ({ cell }: Cell) => named(cell.after) }]),
    ],
    cells,
  );
}

function chooser({ pipeline, offered, from, to, range, tables, kind }: Changes, view: View): Html {
  const { words } = view;
  const texts = view.say(SEARCH);
  const options = (current: PublicationShown | null) => {
    const all =
      current === null || offered.some(({ id }) => id === current.id) ? offered : [current, ...offered];
    return all.map(({ id }) => ({ value: id, text: id }));
  };
  if (offered.length === 0 && to === null)
    return html`${choosing(days(range, view, DAYS), words.filter, view)}`;
  const columns = [
    ...new Set(tables.flatMap(({ counts }) => counts?.columns.map(({ column }) => column) ?? [])),
  ];
  const kinds = KINDS.map((each) => ({ value: each, text: texts.shows[each] }));
  const chosen = view.asked.query.get('column');
  return html`${choosing(
      html`${select('from', words.from, options(from), from?.id ?? null)}
      ${select('to', words.to, options(to), to?.id ?? null)}
      ${select('show', texts.show, kinds, kind, words.largest)}
      ${
        columns.length === 0
          ? ''
          : select(
              'column',
              texts.column,
              columns.map((each) => ({ value: each, text: each })),
              chosen,
              words.any,
            )
      }
      ${days(range, view, DAYS)}`,
      words.compare,
      view,
    )}
    <p>${texts.chooseFrom}. ${texts.zone(pipeline.timeZone ?? 'UTC')}</p>`;
}

const DAYS = ['since', 'until'] as const;
