// Runs a query job: one statement or a script, with its transactions, assertions and rows.
import { tableNotFound } from './catalog.ts';
import { checkInserted, describe } from './columns.ts';
import { aborted } from './conflicts.ts';
import { failureOf, JobFailure } from './failures.ts';
import { printExpression } from './sql/expressions.ts';
import type { Access, Parameter, TableName, Tables } from './sql/scope.ts';
import { Scope } from './sql/scope.ts';
import type { Piece } from './sql/script.ts';
import { printStatement, type Statement } from './sql/statements.ts';
import { invalidQuery, parsing } from './sql/syntax.ts';
import type { Session } from './store.ts';
import { createTable, dropTable, duckdbName } from './tables.ts';
import { type Field, keptType, quoted } from './types.ts';

export interface QueryPlan {
  readonly pieces: readonly Piece[];
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly projectId: string;
  readonly defaultDataset: string | undefined;
}

/** The result of a query: rows in the table `results.<resultTable>`, or a count of changed rows. */
export interface QueryOutcome {
  readonly statementType: string;
  readonly fields: readonly Field[];
  readonly totalRows: number;
  readonly affectedRows?: number;
}

export interface QueryRun {
  readonly session: Session;
  readonly plan: QueryPlan;
  readonly nowMs: number;
  /** The table of `results` that takes the rows. */
  readonly resultTable: string;
  /** Called inside the last transaction, right before its commit. */
  readonly beforeLastCommit: (outcome: QueryOutcome) => Promise<void>;
}

const NO_ROWS = { fields: [], totalRows: 0 } as const;

export interface Compiling {
  /** Is called with every table that the statement touches. */
  readonly see?: (name: TableName, access: Access) => void;
  /** What `@@row_count` stands for. */
  readonly rowCount?: number | null;
}

/** Prints one statement against a catalog. */
export function compile(
  plan: QueryPlan,
  piece: Piece,
  nowMs: number,
  find: Tables['find'],
  { see, rowCount = null }: Compiling = {},
) {
  const scope = new Scope(
    {
      name: (parts) => tableName(parts, plan),
      find: (name, access) => {
        see?.(name, access);
        return find(name, access);
      },
    },
    plan.parameters,
    nowMs,
    printExpression,
    rowCount,
  );
  const statement = printStatement(piece, scope);
  if ('target' in statement) see?.(statement.target, accessOf(statement));
  return { statement, bound: Object.fromEntries(scope.bound), columns: scope.columns };
}

function accessOf(statement: Statement & { target: TableName }): Access {
  if (statement.kind === 'DROP_TABLE') return 'delete';
  return statement.kind.startsWith('CREATE_') ? 'create' : 'write';
}

/** Runs every statement. Without BEGIN each one commits by itself, as in BigQuery; what fails is rolled back. */
export async function runQuery(run: QueryRun): Promise<void> {
  const { session, plan } = run;
  let outcome: QueryOutcome = { statementType: 'SCRIPT', ...NO_ROWS };
  let explicit = false;
  let recorded = false;
  // `@@row_count`: of the statement before, when it changed rows.
  let rowCount: number | null = null;
  for (const [index, piece] of plan.pieces.entries()) {
    const isLast = index === plan.pieces.length - 1;
    const { statement, bound } = await parsing(() =>
      compile(plan, piece, run.nowMs, finder(run), { rowCount }),
    );
    if (statement.kind === 'BEGIN_TRANSACTION') {
      if (explicit) throw invalidQuery('Transaction control: Nested transactions are not supported');
      await session.begin('transaction');
      explicit = true;
      rowCount = null;
      continue;
    }
    if (statement.kind === 'ROLLBACK_TRANSACTION' || statement.kind === 'COMMIT_TRANSACTION') {
      if (!explicit)
        throw invalidQuery(
          `Transaction control: there is no active transaction for ${statement.kind.replace('_', ' ')}`,
        );
      if (statement.kind === 'ROLLBACK_TRANSACTION') await session.rollback();
      else {
        if (isLast) await run.beforeLastCommit(outcome);
        recorded = isLast;
        await session.commit();
      }
      explicit = false;
      rowCount = null;
      continue;
    }
    if (!explicit) await session.begin();
    const result = await runStatement(run, statement, bound, explicit);
    rowCount = result.affectedRows ?? null;
    if (plan.pieces.length === 1) outcome = result;
    else if (result.statementType === 'SELECT') outcome = { ...result, statementType: 'SCRIPT' };
    if (explicit) continue;
    if (isLast) await run.beforeLastCommit(outcome);
    recorded = isLast;
    await session.commit();
  }
  // A script that ends inside a transaction loses it, and the rows it selected there.
  if (explicit) await session.rollback();
  if (recorded) return;
  await session.begin();
  await run.beforeLastCommit({ ...outcome, ...(explicit ? NO_ROWS : {}) });
  await session.commit();
}

async function runStatement(
  run: QueryRun,
  statement: Statement,
  bound: Record<string, string | null>,
  explicit: boolean,
): Promise<QueryOutcome> {
  const { session } = run;
  switch (statement.kind) {
    case 'SELECT':
      return { statementType: 'SELECT', ...(await keepRows(run, statement.sql, bound)) };
    case 'ASSERT': {
      const [row] = await session.rows(statement.sql, bound);
      if (Object.values(row ?? {})[0] !== true)
        throw new JobFailure({
          reason: 'invalidQuery',
          message: `Assertion failed${statement.description === undefined ? '' : `: ${statement.description}`}`,
          location: 'query',
        });
      return { statementType: 'ASSERT', ...NO_ROWS };
    }
    case 'CREATE_TABLE':
    case 'CREATE_TABLE_AS_SELECT':
    case 'DROP_TABLE':
      if (explicit)
        throw invalidQuery(
          `Transaction control: DDL statements are not supported in a transaction: ${statement.kind.replaceAll('_', ' ')}`,
        );
      return { statementType: statement.kind, ...NO_ROWS, ...(await runDefinition(run, statement, bound)) };
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'MERGE':
    case 'TRUNCATE_TABLE': {
      if (statement.kind === 'INSERT') await checkInserted(session, statement);
      else {
        const conflict = session.change(statement.target);
        if (conflict !== undefined) throw aborted(conflict, statement.target, run.resultTable);
      }
      const affectedRows = await session.run(statement.sql, bound);
      touch(run, statement.target);
      return { statementType: statement.kind, ...NO_ROWS, affectedRows };
    }
    case 'BEGIN_TRANSACTION':
    case 'COMMIT_TRANSACTION':
    case 'ROLLBACK_TRANSACTION':
      throw invalidQuery(`Transaction control: unexpected ${statement.kind}`);
  }
}

function touch({ session, nowMs }: QueryRun, { datasetId, tableId }: TableName): void {
  const table = session.catalog.table(datasetId, tableId, nowMs);
  if (table) session.catalog.putTable({ ...table, modifiedMs: nowMs });
}

/** Keeps the rows of a SELECT, in their order, for paging. */
async function keepRows(
  { session, resultTable }: QueryRun,
  sql: string,
  bound: Record<string, string | null>,
) {
  const fields = describe(await session.prepare(sql));
  const names = fields.map(({ name }) => name.toLowerCase());
  const twice = fields.filter(({ name }, index) => names.indexOf(name.toLowerCase()) !== index);
  if (twice.length > 0)
    throw invalidQuery(
      `Duplicate column names in the result are not supported. Found duplicate(s): ${twice.map(({ name }) => name).join(', ')}`,
    );
  const columns = fields.map((field) => `${quoted(field.name)} ${keptType(field)}`);
  await session.run(`CREATE OR REPLACE TABLE results.${quoted(resultTable)} (${columns.join(', ')})`);
  const totalRows = await session.run(`INSERT INTO results.${quoted(resultTable)} ${sql}`, bound);
  return { fields, totalRows };
}

async function runDefinition(
  run: QueryRun,
  statement: Statement & { kind: 'CREATE_TABLE' | 'CREATE_TABLE_AS_SELECT' | 'DROP_TABLE' },
  bound: Record<string, string | null>,
) {
  const { session, nowMs } = run;
  const { target } = statement;
  const existing = session.catalog.table(target.datasetId, target.tableId, nowMs);
  if (statement.kind === 'DROP_TABLE') {
    if (existing) await dropTable(session, existing);
    return {};
  }
  datasetOf(run, target);
  if (existing && statement.mode === 'if-not-exists') return {};
  if (existing && (statement.mode === 'create' || existing.viewQuery !== undefined))
    throw new JobFailure({
      reason: 'duplicate',
      message: `Already Exists: Table ${target.projectId}:${target.datasetId}.${target.tableId}`,
    });
  if (statement.kind === 'CREATE_TABLE') {
    await createTable(session, { ...target, fields: statement.fields }, nowMs);
    return {};
  }
  // The new table may be made of the old one: the rows are kept aside before it is replaced.
  const kept = await keepRows(run, statement.sql, bound);
  const made = await createTable(session, { ...target, fields: kept.fields }, nowMs);
  await session.run(`INSERT INTO ${duckdbName(made)} FROM results.${quoted(run.resultTable)}`);
  await session.run(`DROP TABLE results.${quoted(run.resultTable)}`);
  return {};
}

export function tableName(
  parts: readonly string[],
  plan: Pick<QueryPlan, 'projectId' | 'defaultDataset'>,
): TableName {
  const [tableId, datasetId = plan.defaultDataset, ...project] = [...parts].reverse();
  if (datasetId === undefined || tableId === undefined)
    throw invalidQuery(`Table "${parts.join('.')}" must be qualified with a dataset (e.g. dataset.table).`);
  const projectId = project.length === 0 ? plan.projectId : project.reverse().join('.');
  return { projectId, datasetId, tableId };
}

/** Finds tables in the session's catalog, in BigQuery's words when there are none. */
function finder(run: QueryRun): Tables['find'] {
  return (name) => {
    const dataset = datasetOf(run, name);
    const table = run.session.catalog.table(name.datasetId, name.tableId, run.nowMs);
    if (table === undefined) throw failureOf(tableNotFound(name, dataset.location));
    return table;
  };
}

function datasetOf({ session, plan }: QueryRun, name: TableName) {
  const dataset = name.projectId === plan.projectId ? session.catalog.dataset(name.datasetId) : undefined;
  if (dataset === undefined)
    throw new JobFailure({
      reason: 'notFound',
      message: `Not found: Dataset ${name.projectId}:${name.datasetId}`,
    });
  return dataset;
}
