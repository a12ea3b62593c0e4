// What changed: the rows of two publications beside each other, as their jobs wrote them.
import { html, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { tableName, tablesOf, type TableOutput } from '../../../shared/pipelines/outputs.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { planLinks } from '../next-steps.ts';
import { screensOf } from '../navigation.ts';
import { why } from '../parts.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { compare, type Compared, type RowChange } from '../reading/compare.ts';
import { readPublication, readPublications, type PublicationShown } from '../reading/ledger.ts';
import { watchIn } from '../reading/pipelines.ts';
import { publishedTableOf, rowsOf } from '../reading/stored-rows.ts';
import { screen } from '../screen.ts';
import { facts, named, type View } from '../view.ts';
import { SCREENS } from '../words/screens.ts';

/** To choose from; any other is reached by its id. */
const OFFERED = 50;

interface ComparedTable {
  readonly table: string;
  readonly key: readonly string[];
  /** Null where one of the objects is not kept any more: `expired`. */
  readonly compared: Compared | null;
  readonly expired: string | null;
  readonly objects: readonly string[];
}

interface Changes {
  readonly pipeline: WatchPipeline;
  readonly from: PublicationShown | null;
  readonly to: PublicationShown | null;
  readonly tables: readonly ComparedTable[];
  readonly offered: readonly PublicationShown[];
}

async function readChanges(asked: Asked, ports: Ports): Promise<Changes> {
  const pipeline = watchIn(asked, ports);
  const offered = await readPublications(ports.warehouse, pipeline.name, OFFERED);
  const chosen = async (name: 'from' | 'to', otherwise: PublicationShown | undefined) => {
    const id = asked.query.get(name);
    return id === null || id === '' ? otherwise : publicationOf(id, pipeline, offered, ports);
  };
  const to = await chosen('to', offered[0]);
  const from = await chosen(
    'from',
    offered.find(({ ordinal }) => ordinal < (to?.ordinal ?? 0)),
  );
  const both = from !== undefined && to !== undefined;
  const tables = both
    ? await Promise.all(tablesOf(pipeline).map((each) => comparedIn(each, from, to, ports)))
    : [];
  return {
    pipeline,
    offered,
    from: from ?? null,
    to: to ?? null,
    tables: tables.filter((each) => each !== undefined),
  };
}

async function publicationOf(
  id: string,
  { name }: WatchPipeline,
  offered: readonly PublicationShown[],
  { warehouse }: Ports,
): Promise<PublicationShown> {
  const found = offered.find((each) => each.id === id) ?? (await readPublication(warehouse, name, id));
  if (found !== undefined) return found;
  const choices = offered.map((each) => ({
    name: each.id,
    path: `/p/${name}?at=${encodeURIComponent(each.id)}`,
  }));
  throw new PageProblem('not-found', `publication ${id} of ${name}`, choices);
}

/** Undefined for a table that one of the two publications did not have yet. */
async function comparedIn(
  output: TableOutput,
  from: PublicationShown,
  to: PublicationShown,
  { results }: Ports,
): Promise<ComparedTable | undefined> {
  const [before, after] = [publishedTableOf(from, output), publishedTableOf(to, output)];
  if (before === undefined || after === undefined) return undefined;
  const [old, fresh] = await Promise.all([rowsOf(before, results), rowsOf(after, results)]);
  const objects = [before, after].map(
    ({ object, generation }) => `gs://${results.bucket}/${object}#${generation}`,
  );
  const shown = { table: tableName(output), key: output.key, objects };
  if (old === undefined || fresh === undefined)
    return { ...shown, compared: null, expired: (old === undefined ? before : after).object };
  return { ...shown, compared: compare(output, old, fresh), expired: null };
}

export const changes = screen<Changes>({
  read: readChanges,
  title: ({ pipeline }, view) => `${view.say(SCREENS.changes)}: ${pipeline.name}`,
  body: (data, view) =>
    html`${screensOf(data.pipeline, view)}
      <p>${view.words.compareTitle}</p>
      ${chooser(data, view)} ${answer(data, view)}`,
});

function answer({ pipeline, from, to, tables }: Changes, view: View): Html {
  const { words } = view;
  if (tablesOf(pipeline).length === 0) return html`<p>${words.noTable}</p>`;
  if (from === null || to === null) return html`<p>${words.noPublication}</p>`;
  return html`${tables.map((each) => tableShown(each, view))} ${planLinks(pipeline, from.run, view)}`;
}

function tableShown({ table: name, key, compared, expired, objects }: ComparedTable, view: View): Html {
  const { words } = view;
  const { labels } = words;
  const origin = why({ objects }, view);
  if (compared === null)
    return html`<h2>${name}</h2>
      <p>${words.expiredOutput(expired ?? '')}</p>
      ${origin}`;
  const isSame = compared.added + compared.removed + compared.changed === 0;
  return html`<h2>${name}</h2>
    ${isSame ? html`<p>${words.unchanged}</p>` : ''}
    ${facts([
      [labels.rows, `${view.number(compared.rowsBefore)} → ${view.number(compared.rowsAfter)}`],
      [labels.added, view.number(compared.added)],
      [labels.removed, view.number(compared.removed)],
      [labels.changed, view.number(compared.changed)],
      ...compared.columns.map(({ column, rows }): [string, Html] => [
        labels.column,
        html`${column}: ${view.number(rows)}`,
      ]),
    ])}
    ${
      compared.largest.length === 0
        ? ''
        : html`<h3>${words.largest}</h3>
            ${largestShown(key, compared.largest, view)}`
    }
    ${origin}`;
}

function largestShown(key: readonly string[], rows: readonly RowChange[], view: View): Html {
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
      { head: labels.before, cell: ({ cell }) => named(cell.before) },
      { head: labels.after, cell: ({ cell }) => named(cell.after) },
    ],
    cells,
  );
}

function chooser({ pipeline, offered, from, to }: Changes, { words, asked }: View): Html {
  const chosen = asked.query.get('lang');
  const select = (name: 'from' | 'to', label: string, current: PublicationShown | null) => {
    const all =
      current === null || offered.some(({ id }) => id === current.id) ? offered : [current, ...offered];
    return html`<label
      >${label}
      <select name="${name}">
        ${all.map(({ id }) =>
          id === current?.id
            ? html`<option value="${id}" selected>${id}</option>`
            : html`<option value="${id}">${id}</option>`,
        )}
      </select></label
    >`;
  };
  if (offered.length === 0) return html``;
  return html`<form class="inline" method="get" action="/p/${pipeline.name}/changes">
    ${chosen === null ? '' : html`<input type="hidden" name="lang" value="${chosen}" />`}
    ${select('from', words.from, from)} ${select('to', words.to, to)}
    <button>${words.compare}</button>
  </form>`;
}
