// Reads a job's configuration into work that can be run, refusing at once what can never run.
import type { Clock } from '../clock.ts';
import { ApiError, notFound, notImplemented, refuseUnknownFields } from '../http/errors.ts';
import type { UseKey } from '../iam/keys.ts';
import { bytesOf, type Use } from './bytes.ts';
import { describe } from './columns.ts';
import { answerOf, failureOf } from './failures.ts';
import type { Job } from './jobs.ts';
import { type FindObject, runLoad } from './load/load.ts';
import { readLoadOptions } from './load/options.ts';
import { readParameters } from './parameters.ts';
import { compile, type QueryPlan, runQuery } from './query.ts';
import type { Access, TableName } from './sql/scope.ts';
import { opening, splitScript } from './sql/script.ts';
import { parsing } from './sql/syntax.ts';
import type { Session, Store } from './store.ts';

export interface JobContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly projectId: string;
  readonly findObject: FindObject;
  readonly useKey: UseKey;
}

/** A table that a job touches, known before it runs, so that the caller's right can be checked. */
export type Touched = (name: TableName, access: Access) => void;

/** Writes the end of the job; called inside the last transaction, right before its commit. */
export type Finish = (what: Pick<Job, 'load' | 'query'>) => Promise<void>;

export interface Work {
  readonly tables: readonly TableName[];
  /** It begins with a transaction, which sees the state of when the job was taken in. */
  readonly isTransaction: boolean;
  readonly run: (session: Session, resultTable: string, finish: Finish) => Promise<void>;
}

type Configuration = Readonly<Record<string, unknown>>;

const JOB_FIELDS = ['load', 'query', 'labels', 'dryRun', 'jobTimeoutMs', 'jobType'];
const QUERY_FIELDS = [
  'query',
  'useLegacySql',
  'parameterMode',
  'queryParameters',
  'defaultDataset',
  'labels',
  'priority',
  'useQueryCache',
  'continuous',
  'jobTimeoutMs',
  'maximumBytesBilled',
  'createSession',
  // Without a destination table, which is not known here, these say nothing.
  'writeDisposition',
  'createDisposition',
];

/** Throws 400 `invalidQuery` for SQL that does not parse or is not supported, 501 for options that are not known. */
export function prepareWork(context: JobContext, configuration: Configuration, touched: Touched): Work {
  refuseUnknownFields('configuration', configuration, JOB_FIELDS);
  const accesses: [TableName, Access][] = [];
  const noted: Touched = (name, access) => {
    touched(name, access);
    accesses.push([name, access]);
  };
  const work = configuration['load']
    ? prepareLoad(context, configuration['load'] as Record<string, unknown>, noted)
    : prepareQuery(context, configuration, noted);
  return {
    ...work,
    async run(...job) {
      for (const [name, access] of accesses) useKeyOf(context, name, access);
      await work.run(...job);
    },
  };
}

/** Throws 403 when the table's rows cannot be encrypted or decrypted. One that is to be made takes its dataset's key. */
function useKeyOf(
  { store, clock, useKey }: JobContext,
  { datasetId, tableId }: TableName,
  access: Access,
): void {
  if (access === 'delete') return;
  const table = store.catalog.table(datasetId, tableId, clock.now());
  const { kmsKeyName } = table ?? store.catalog.dataset(datasetId) ?? {};
  useKey(kmsKeyName, access === 'read' ? 'decrypt' : 'encrypt');
}

/** What a query would answer, without running it. Throws its errors. */
export async function describeQuery(
  context: JobContext,
  configuration: Configuration,
  touched: Touched,
): Promise<NonNullable<Job['query']>> {
  refuseUnknownFields('configuration', configuration, JOB_FIELDS);
  const nowMs = context.clock.now();
  const plan = readPlan(context, configuration);
  const compiled = (piece: QueryPlan['pieces'][number]) => {
    const uses: Use[] = [];
    const find = (name: TableName, access: Access) => {
      touched(name, access);
      const table = findTable(context, name, nowMs);
      uses.push({ table, access });
      return table;
    };
    return { ...compile(plan, piece, nowMs, find), uses };
  };
  const statements = await parsing(() => plan.pieces.map(compiled));
  const [first] = statements;
  const alone = statements.length === 1 ? first : undefined;
  const select = alone?.statement.kind === 'SELECT' ? alone.statement.sql : undefined;
  try {
    return await context.store.read(async (connection) => ({
      statementType: alone?.statement.kind ?? 'SCRIPT',
      totalRows: 0,
      fields: select === undefined ? [] : describe(await connection.prepare(select)),
      statements: statements.length,
      bytes: await bytesOf(connection, statements),
    }));
  } catch (error) {
    throw answerOf(failureOf(error).errors[0]);
  }
}

function prepareLoad(context: JobContext, load: Record<string, unknown>, touched: Touched): Work {
  const options = readLoadOptions(load, context.projectId);
  const { destination } = options;
  const { catalog } = context.store;
  touched(destination, 'write');
  if (catalog.dataset(destination.datasetId) === undefined)
    throw notFound(`Not found: Dataset ${destination.projectId}:${destination.datasetId}`);
  if (catalog.table(destination.datasetId, destination.tableId, context.clock.now()) === undefined)
    touched(destination, 'create');
  return {
    tables: [destination],
    isTransaction: false,
    run: async (session, _resultTable, finish) => {
      await session.begin();
      await finish({ load: await runLoad(session, options, context.findObject, context.clock.now()) });
      await session.commit();
    },
  };
}

function prepareQuery(context: JobContext, configuration: Configuration, touched: Touched): Work {
  const plan = readPlan(context, configuration);
  const nowMs = context.clock.now();
  const tables: TableName[] = [];
  // A script may use a table that it makes itself; whether it is there is seen when it runs.
  const findOrImagine = ({ datasetId, tableId }: TableName) =>
    context.store.catalog.table(datasetId, tableId, nowMs) ?? { fields: [] };
  for (const piece of plan.pieces)
    compile(plan, piece, nowMs, findOrImagine, {
      see(name, access) {
        tables.push(name);
        touched(name, access);
      },
    });
  return {
    tables,
    isTransaction: opening(plan.pieces[0]!, 1) === 'BEGIN',
    run: (session, resultTable, finish) =>
      runQuery({
        session,
        plan,
        nowMs: context.clock.now(),
        resultTable,
        beforeLastCommit: (outcome) =>
          finish({
            query: {
              ...outcome,
              statements: plan.pieces.length,
              ...(outcome.fields.length > 0 ? { resultTable } : {}),
            },
          }),
      }),
  };
}

function readPlan({ projectId }: JobContext, configuration: Configuration): QueryPlan {
  const query = (configuration['query'] ?? {}) as Record<string, unknown>;
  refuseUnknownFields('configuration.query', query, QUERY_FIELDS);
  if (query['useLegacySql'] !== false) throw notImplemented('legacy SQL (useLegacySql must be false)');
  if (query['continuous'] || query['createSession']) throw notImplemented('continuous queries and sessions');
  if (typeof query['query'] !== 'string')
    throw new ApiError(400, 'required', 'Required parameter is missing: query');
  return {
    pieces: splitScript(query['query']),
    parameters: readParameters(query['queryParameters'], query['parameterMode']),
    projectId,
    defaultDataset: (query['defaultDataset'] as { datasetId?: string } | undefined)?.datasetId,
  };
}

function findTable({ store, projectId }: JobContext, name: TableName, nowMs: number) {
  const found =
    name.projectId === projectId ? store.catalog.table(name.datasetId, name.tableId, nowMs) : undefined;
  if (found === undefined)
    throw notFound(`Not found: Table ${name.projectId}:${name.datasetId}.${name.tableId}`);
  return found;
}
