// Runs a load job: CSV files into one table, all rows or none.
import { tableNotFound } from '../catalog.ts';
import { failureOf, JobFailure } from '../failures.ts';
import { schemaOf } from '../sql/queries.ts';
import type { Session } from '../store.ts';
import { createTable } from '../tables.ts';
import { duckdbType, type Field, quoted, sameFields, text } from '../types.ts';
import type { LoadOptions } from './options.ts';
import { type BadRow, findBadHeader, findBadRow } from './scan.ts';
import { readColumn } from './values.ts';

export type FindObject = (bucket: string, name: string) => { path: string; sizeBytes: number } | undefined;

export interface LoadStatistics {
  readonly inputFiles: string;
  readonly inputFileBytes: string;
  readonly outputRows: string;
  readonly outputBytes: string;
  readonly badRecords: string;
}

interface Source {
  readonly uri: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/** Loads within the session's transaction. Throws `JobFailure` with BigQuery's errors. */
export async function runLoad(
  session: Session,
  options: LoadOptions,
  findObject: FindObject,
  nowMs: number,
): Promise<LoadStatistics> {
  const sources = options.sourceUris.map((uri) => findSource(uri, findObject));
  const fields = await prepareTable(session, options, nowMs);
  const { datasetId, tableId } = options.destination;
  const target = `${quoted(schemaOf(datasetId))}.${quoted(tableId)}`;
  let outputRows = 0;
  // A file at a time, so that an error can name its file.
  for (const source of sources) outputRows += await loadFile(session, target, source, fields, options);
  const inputFileBytes = sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    inputFiles: String(sources.length),
    inputFileBytes: String(inputFileBytes),
    outputRows: String(outputRows),
    outputBytes: String(inputFileBytes),
    badRecords: '0',
  };
}

function findSource(uri: string, findObject: FindObject): Source {
  const [, bucket, name] = /^gs:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (bucket === undefined || name === undefined)
    throw new JobFailure({
      reason: 'invalid',
      message: `Source URI must be a Google Cloud Storage location: ${uri}`,
      location: uri,
    });
  const found = findObject(bucket, name);
  if (found === undefined)
    throw new JobFailure({ reason: 'notFound', message: `Not found: URI ${uri}`, location: uri });
  return { uri, ...found };
}

/** Makes the destination ready for the rows, and answers the columns they have. */
async function prepareTable(
  session: Session,
  options: LoadOptions,
  nowMs: number,
): Promise<readonly Field[]> {
  const { destination } = options;
  const existing = session.catalog.table(destination.datasetId, destination.tableId, nowMs);
  if (existing?.viewQuery !== undefined)
    throw new JobFailure({
      reason: 'invalid',
      message: `${destination.projectId}:${destination.datasetId}.${destination.tableId} is a VIEW.`,
    });
  if (existing === undefined && !options.createIfNeeded) throw failureOf(tableNotFound(destination));
  const fields = options.fields ?? existing?.fields;
  if (fields === undefined || fields.length === 0)
    throw new JobFailure({ reason: 'invalid', message: 'No schema specified on job or table.' });
  const replaced =
    existing === undefined ||
    (options.writeDisposition === 'WRITE_TRUNCATE' && !sameFields(existing.fields, fields));
  if (replaced) {
    await createTable(
      session,
      { datasetId: destination.datasetId, tableId: destination.tableId, fields },
      nowMs,
    );
    return fields;
  }
  const target = `${quoted(schemaOf(destination.datasetId))}.${quoted(destination.tableId)}`;
  if (options.writeDisposition === 'WRITE_TRUNCATE') {
    session.change(destination);
    await session.run(`DELETE FROM ${target}`);
  } else if (options.writeDisposition === 'WRITE_EMPTY') await mustBeEmpty(session, target, options);
  if (!sameFields(existing.fields, fields))
    throw new JobFailure({
      reason: 'invalid',
      message: `Provided Schema does not match Table ${destination.projectId}:${destination.datasetId}.${destination.tableId}.`,
    });
  session.catalog.putTable({ ...existing, modifiedMs: nowMs });
  return fields;
}

async function mustBeEmpty(session: Session, target: string, { destination }: LoadOptions): Promise<void> {
  if ((await session.rows(`SELECT 1 FROM ${target} LIMIT 1`)).length > 0)
    throw new JobFailure({
      reason: 'duplicate',
      message: `Already Exists: Table ${destination.projectId}:${destination.datasetId}.${destination.tableId}`,
    });
}

async function loadFile(
  session: Session,
  target: string,
  source: Source,
  fields: readonly Field[],
  options: LoadOptions,
): Promise<number> {
  if (source.sizeBytes === 0) return 0;
  const badHeader = await findBadHeader(source.path, source.uri, options);
  if (badHeader !== undefined) throw failureAt(source, badHeader);
  try {
    return await session.run(`INSERT INTO ${target} ${selectFile(source.path, fields, options)}`);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.errors[0].reason === 'stopped') throw failure;
    throw await explain(source, fields, options, failure);
  }
}

/** DuckDB takes a path for a pattern, and the cloud's folder may be named `a*b`. */
const asOneFile = (path: string): string => path.replace(/[[*?]/g, '[$&]');

/** One pass: every column is read as text, judged, and cast. */
function selectFile(path: string, fields: readonly Field[], options: LoadOptions): string {
  const columns = fields.map(({ name }) => `${text(name)}: 'VARCHAR'`).join(', ');
  const reading = [
    text(asOneFile(path)),
    `columns = {${columns}}`,
    'auto_detect = false, header = false, strict_mode = true, null_padding = false',
    `quote = '"', escape = '"', delim = ${text(options.fieldDelimiter)}, nullstr = ${text(options.nullMarker)}`,
    `allow_quoted_nulls = false, encoding = 'utf-8', compression = 'none', skip = ${options.skipLeadingRows}`,
  ];
  const cells = fields.map(
    (field) =>
      `CAST(${readColumn(field.name, field.type, options.allowQuotedNewlines)} AS ${duckdbType(field.type)})`,
  );
  return `SELECT ${cells.join(', ')} FROM read_csv(${reading.join(', ')})`;
}

async function explain(
  source: Source,
  fields: readonly Field[],
  options: LoadOptions,
  failure: JobFailure,
): Promise<JobFailure> {
  const bad = await findBadRow(source.path, source.uri, fields, options);
  const message = `Error while reading data, error message: ${failure.message} File: ${source.uri}`;
  return failureAt(source, bad ?? { message, rows: 0 });
}

function failureAt(source: Source, bad: BadRow): JobFailure {
  const summary = {
    reason: 'invalid',
    location: source.uri,
    message: `Error while reading data, error message: CSV processing encountered too many errors, giving up. Rows: ${bad.rows}; errors: 1; max bad: 0; error percent: 0`,
  };
  return new JobFailure(summary, { reason: 'invalid', location: source.uri, message: bad.message });
}
