// Reads `configuration.load`: what the local BigQuery can load, and a refusal by name for the rest.
import { ApiError, invalid, notImplemented, refuseUnknownFields } from '../../http/errors.ts';
import type { TableName } from '../sql/scope.ts';
import { type Field, readFields } from '../types.ts';

export interface LoadOptions {
  readonly sourceUris: readonly string[];
  readonly destination: TableName;
  /** Undefined: the table's own schema. */
  readonly fields: readonly Field[] | undefined;
  readonly skipLeadingRows: number;
  readonly writeDisposition: 'WRITE_TRUNCATE' | 'WRITE_APPEND' | 'WRITE_EMPTY';
  readonly createIfNeeded: boolean;
  readonly allowQuotedNewlines: boolean;
  readonly nullMarker: string;
  readonly fieldDelimiter: string;
}

const KNOWN = [
  'sourceUris',
  'destinationTable',
  'schema',
  'sourceFormat',
  'skipLeadingRows',
  'writeDisposition',
  'createDisposition',
  'allowQuotedNewlines',
  'maxBadRecords',
  'encoding',
  'nullMarker',
  'fieldDelimiter',
  'quote',
  'autodetect',
  'allowJaggedRows',
  'ignoreUnknownValues',
  'preserveAsciiControlCharacters',
  // One method of the Node client puts labels here, not beside it.
  'labels',
];

const MOST_URIS = 10_000;

/** Throws 400 for what is wrong, 501 for what is not known. */
export function readLoadOptions(load: Record<string, unknown>, projectId: string): LoadOptions {
  // `bq` sends every list that it knows, empty where nothing was asked.
  const asked = Object.entries(load).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  refuseUnknownFields('configuration.load', Object.fromEntries(asked), KNOWN);
  expect(load, 'sourceFormat', ['CSV'], 'CSV');
  expect(load, 'encoding', ['UTF-8'], 'UTF-8');
  expect(load, 'quote', ['"'], '"');
  for (const option of [
    'autodetect',
    'allowJaggedRows',
    'ignoreUnknownValues',
    'preserveAsciiControlCharacters',
  ])
    if (load[option]) throw notImplemented(`configuration.load.${option}`);
  if (Number(load['maxBadRecords'] ?? 0) > 0)
    throw notImplemented('configuration.load.maxBadRecords above 0');
  const fields = (load['schema'] as { fields?: Field[] } | undefined)?.fields;
  return {
    sourceUris: readUris(load['sourceUris']),
    destination: readDestination(load['destinationTable'], projectId),
    fields: fields === undefined ? undefined : readFields(fields),
    skipLeadingRows: Number(load['skipLeadingRows'] ?? 0),
    writeDisposition: expect(
      load,
      'writeDisposition',
      ['WRITE_APPEND', 'WRITE_TRUNCATE', 'WRITE_EMPTY'],
      'WRITE_APPEND',
    ) as LoadOptions['writeDisposition'],
    createIfNeeded:
      expect(load, 'createDisposition', ['CREATE_IF_NEEDED', 'CREATE_NEVER'], 'CREATE_IF_NEEDED') ===
      'CREATE_IF_NEEDED',
    allowQuotedNewlines: load['allowQuotedNewlines'] === true,
    nullMarker: String(load['nullMarker'] ?? ''),
    fieldDelimiter: readDelimiter(String(load['fieldDelimiter'] ?? ',')),
  };
}

function expect(
  load: Record<string, unknown>,
  option: string,
  known: readonly string[],
  usual: string,
): string {
  const value = String(load[option] ?? usual);
  if (!known.includes(value)) throw notImplemented(`configuration.load.${option} ${value}`);
  return value;
}

function readUris(value: unknown): string[] {
  const uris = (value ?? []) as string[];
  if (uris.length === 0) throw new ApiError(400, 'required', 'Required parameter is missing: sourceUris');
  if (uris.length > MOST_URIS) throw invalid(`Too many source URIs: ${uris.length}`);
  const wild = uris.find((uri) => uri.includes('*'));
  if (wild !== undefined) throw notImplemented(`a wildcard in a source URI: ${wild}`);
  return uris;
}

function readDestination(value: unknown, projectId: string): TableName {
  const table = value as Partial<TableName> | undefined;
  if (!table?.datasetId || !table.tableId)
    throw new ApiError(400, 'required', 'Required parameter is missing: destinationTable');
  if (table.tableId.includes('$')) throw notImplemented(`a partition decorator: ${table.tableId}`);
  return { projectId: table.projectId ?? projectId, datasetId: table.datasetId, tableId: table.tableId };
}

function readDelimiter(value: string): string {
  const delimiter = value === '\\t' || value === 'tab' ? '\t' : value;
  if (delimiter.length !== 1) throw invalid(`Invalid field delimiter: ${value}`);
  return delimiter;
}
