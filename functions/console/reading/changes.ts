// The rows of two publications beside each other, as their jobs wrote them: every change, a page at a time.
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { tableName, tablesOf, type TableOutput } from '../../../shared/pipelines/outputs.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { PublishedTable } from '../../../shared/outputs/published.ts';
import { pageIn } from '../pages.ts';
import type { Asked, Ports } from '../ports.ts';
import { publicationNamed } from './chosen.ts';
import { compare, type Compared, type RowChange } from './compare.ts';
import { readPublications, type PublicationShown } from './ledger.ts';
import { isMissing, Parts, wholeOf, type PartProblem } from './part.ts';
import { watchIn } from './pipelines.ts';
import { numberIn, oneOfIn, rangeIn, type Range } from './range.ts';
import { publishedTableOf, rowsOf } from './stored-rows.ts';
import { turns } from './turns.ts';

/** To choose from; any other is reached by its id. */
const OFFERED = 50;
export const A_PAGE = 50;
/** Shown of each table where no kind of change is chosen. */
const LARGEST = 10;

export const KINDS = ['changed', 'added', 'removed'] as const;
export type Kind = (typeof KINDS)[number];

export interface ShownRows {
  readonly kind: Kind;
  /** Only changes of this column; null: of all. */
  readonly column: string | null;
  readonly page: number;
  readonly rows: readonly RowChange[];
  /** Of all pages. */
  readonly all: number;
}

export interface ComparedTable {
  readonly table: string;
  readonly key: readonly string[];
  /** Null where one of the objects is not kept any more, `expired`, or is `tooLarge`. */
  readonly counts: (Omit<Compared, Kind> & Readonly<Record<Kind, number>>) | null;
  readonly shown: ShownRows | null;
  readonly expired: string | null;
  /** An object that has more rows than a page may read. */
  readonly tooLarge: string | null;
  /** Why the rows could not be read. */
  readonly problem: PartProblem | null;
  readonly objects: readonly string[];
}

export interface Changes {
  readonly pipeline: WatchPipeline;
  readonly from: PublicationShown | null;
  readonly to: PublicationShown | null;
  readonly tables: readonly ComparedTable[];
  readonly offered: readonly PublicationShown[];
  /** The days of the publications to choose from: `since=` and `until=`. */
  readonly range: Range;
  readonly kind: Kind | null;
  /** `to` is the publication of `?at=`, and a newer one stands. */
  readonly isPast: boolean;
}

interface Wanted {
  readonly kind: Kind | null;
  readonly table: string | null;
  readonly column: string | null;
  readonly page: number;
}

export async function readChanges(asked: Asked, ports: Ports): Promise<Changes> {
  const pipeline = watchIn(asked, ports);
  const range = rangeIn(asked, pipeline, ['since', 'until']);
  const wanted = wantedIn(asked, pipeline);
  const parts = new Parts(ports);
  const ledger = wholeOf(
    await parts.read(`the publications of ${pipeline.name}`, () => readLedger(asked, pipeline, range, ports)),
  );
  const { from, to } = ledger;
  const tables =
    from === null || to === null
      ? []
      : await Promise.all(
          tablesOf(pipeline).map((each) => comparedIn(each, from, to, { wanted, parts }, ports)),
        );
  return {
    pipeline,
    ...ledger,
    range,
    kind: wanted.kind,
    tables: tables.filter((each) => each !== undefined),
  };
}

/** The two publications, and those that there are to choose from. */
async function readLedger(
  asked: Asked,
  pipeline: WatchPipeline,
  range: Range,
  { warehouse }: Ports,
): Promise<Pick<Changes, 'from' | 'to' | 'offered' | 'isPast'>> {
  const list = (count: number, of: Parameters<typeof readPublications>[3]) =>
    readPublications(warehouse, pipeline.name, count, of);
  const offered = await list(OFFERED, { ...range, before: numberIn(asked, 'before', undefined) });
  const chosen = async (names: readonly string[], otherwise: PublicationShown | undefined) => {
    const id = names.map((name) => asked.query.get(name)).find(Boolean);
    return id ? publicationNamed(id, pipeline, offered, warehouse, '/changes') : otherwise;
  };
  const to = await chosen(['to', 'at'], offered[0]);
  const before = to && (await list(1, { before: to.ordinal }))[0];
  const from = await chosen(['from'], before);
  const isNamed = asked.query.get('at') !== null && to !== undefined;
  return {
    ...{ offered, from: from ?? null, to: to ?? null },
    isPast: isNamed && (await list(1, {}))[0]?.id !== to.id,
  };
}

function wantedIn(asked: Asked, pipeline: WatchPipeline): Wanted {
  const tables = tablesOf(pipeline);
  const table = oneOfIn(asked, 'table', tables.map(tableName));
  const columns = tables.flatMap((each) => Object.keys(each.columns));
  return {
    kind: oneOfIn(asked, 'show', KINDS),
    table,
    column: oneOfIn(asked, 'column', columns),
    page: pageIn(asked),
  };
}

/**
 * An instance answers up to 40 calls at once, and has memory for one pair of files: the others wait for their turn. No
 * more than those calls can wait, each with the tables of its pipeline, and a turn takes seconds at most.
 */
const inTurn = turns();

/** Undefined for a table that one of the two publications did not have yet, or that is not the one that is wanted. */
async function comparedIn(
  output: TableOutput,
  from: PublicationShown,
  to: PublicationShown,
  { wanted, parts }: { readonly wanted: Wanted; readonly parts: Parts },
  { results }: Ports,
): Promise<ComparedTable | undefined> {
  const [before, after] = [publishedTableOf(from, output), publishedTableOf(to, output)];
  if (before === undefined || after === undefined) return undefined;
  if (wanted.table !== null && wanted.table !== tableName(output)) return undefined;
  const objects = [before, after].map(
    ({ object, generation }) => `gs://${results.bucket}/${object}#${generation}`,
  );
  const of = { table: tableName(output), key: output.key, objects };
  // The turn lasts until the work has ended, also where the page has ended without it.
  const found = await parts.read(`the rows of ${of.table}`, () =>
    inTurn(() => {
      parts.requireTime();
      return comparedRows(output, [before, after], wanted, results);
    }),
  );
  const none = { ...of, counts: null, shown: null, expired: null, tooLarge: null, problem: null };
  return isMissing(found) ? { ...none, problem: found.problem } : { ...none, ...found };
}

/** Of two files that stand and may be read, what changed; otherwise the one that is not so. */
async function comparedRows(
  output: TableOutput,
  [before, after]: readonly [PublishedTable, PublishedTable],
  wanted: Wanted,
  results: ObjectStore,
): Promise<Partial<Pick<ComparedTable, 'counts' | 'shown' | 'expired' | 'tooLarge'>>> {
  const [old, fresh] = await Promise.all([rowsOf(before, results), rowsOf(after, results)]);
  if (old === undefined || fresh === undefined)
    return { expired: (old === undefined ? before : after).object };
  if (old === 'too-large' || fresh === 'too-large')
    return { tooLarge: (old === 'too-large' ? before : after).object };
  const { changed, added, removed, ...counts } = compare(output, old, fresh);
  return {
    counts: { ...counts, changed: changed.length, added: added.length, removed: removed.length },
    shown: shownOf({ changed, added, removed }, wanted),
  };
}

/** Where no kind is wanted: the largest changes. */
function shownOf(all: Readonly<Record<Kind, readonly RowChange[]>>, wanted: Wanted): ShownRows {
  const { kind, column } = wanted;
  const rows = all[kind ?? 'changed'].filter(
    ({ columns }) => column === null || columns.some((cell) => cell.column === column),
  );
  const size = kind === null ? LARGEST : A_PAGE;
  // A page behind the last one shows the last: another table may have more.
  const page = Math.min(wanted.page, Math.max(1, Math.ceil(rows.length / size)));
  return {
    ...{ kind: kind ?? 'changed', column, page, all: rows.length },
    rows: rows.slice((page - 1) * size, page * size),
  };
}
