// What a caller may set on an object beside its bytes.
import { invalid, refuseUnknownFields } from '../http/errors.ts';

const TEXTS = [
  'contentType',
  'contentEncoding',
  'contentDisposition',
  'contentLanguage',
  'cacheControl',
  'customTime',
  'storageClass',
] as const;

// Clients send whole resources back. These are the server's to say: they are read past, as the real one does.
const OUTPUT_ONLY = [
  'kind',
  'id',
  'name',
  'bucket',
  'generation',
  'metageneration',
  'etag',
  'size',
  'selfLink',
  'mediaLink',
  'timeCreated',
  'timeFinalized',
  'timeStorageClassUpdated',
  'updated',
  'componentCount',
  'md5Hash',
  'crc32c',
];

const LARGEST_METADATA_BYTES = 8 * 1024;

export type Attributes = { readonly [Text in (typeof TEXTS)[number]]?: string } & {
  readonly metadata?: Readonly<Record<string, string>>;
};

/** The same, where null takes a value away. */
export type AttributesPatch = { readonly [Text in (typeof TEXTS)[number]]?: string | null } & {
  readonly metadata?: Readonly<Record<string, string | null>> | null;
};

/** Reads the JSON of an insert, a copy or a composition; null counts as absent. */
export function readAttributes(where: string, body: unknown): Attributes {
  return applyPatch({}, readPatch(where, body));
}

/** Reads the JSON of a patch. Throws 400 on a wrong type, 501 on a field that is not known here. */
export function readPatch(where: string, body: unknown): AttributesPatch {
  const fields = requireRecord(where, body ?? {});
  refuseUnknownFields(where, fields, [...TEXTS, 'metadata', ...OUTPUT_ONLY]);
  const patch: Record<string, unknown> = {};
  for (const text of TEXTS) {
    if (fields[text] === undefined) continue;
    patch[text] = textOrNull(`${where}.${text}`, fields[text]);
  }
  if (fields.metadata === null) patch.metadata = null;
  else if (fields.metadata !== undefined) {
    const metadata = requireRecord(`${where}.metadata`, fields.metadata);
    patch.metadata = Object.fromEntries(
      Object.entries(metadata).map(([key, value]) => [key, textOrNull(`${where}.metadata.${key}`, value)]),
    );
  }
  return patch as AttributesPatch;
}

/** Custom metadata merges key by key; everything else is replaced. Throws 400 when it grows too large. */
export function applyPatch(before: Attributes, patch: AttributesPatch): Attributes {
  checkCustomTime(before.customTime, patch.customTime);
  const { metadata, ...texts } = patch;
  const merged = metadata === null ? undefined : withoutNulls({ ...before.metadata, ...metadata });
  const sizeBytes = Buffer.byteLength(
    Object.entries(merged ?? {})
      .flat()
      .join(''),
  );
  if (sizeBytes > LARGEST_METADATA_BYTES) {
    throw invalid(`Custom metadata may have ${LARGEST_METADATA_BYTES} bytes in all; this has ${sizeBytes}.`);
  }
  return withoutNulls({
    ...before,
    ...texts,
    metadata: merged !== undefined && Object.keys(merged).length > 0 ? merged : undefined,
  }) as Attributes;
}

/** A custom time is set once, and moves forward only. */
function checkCustomTime(before: string | undefined, after: string | null | undefined): void {
  if (after === undefined) return;
  if (after !== null && Number.isNaN(Date.parse(after)))
    throw invalid(`Invalid value for customTime: ${after}`);
  if (before === undefined) return;
  if (after === null || Date.parse(after) < Date.parse(before)) {
    throw invalid(`Custom time cannot be removed or set to an earlier time than ${before}.`);
  }
}

export function requireRecord(where: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${where} should be a JSON object`);
  }
  return value as Record<string, unknown>;
}

function textOrNull(where: string, value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  // The real API coerces numbers and truth values given for custom metadata.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid(`${where} should be a string`);
}

const withoutNulls = <T>(record: Readonly<Record<string, T | null | undefined>>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(record).filter(
      (entry): entry is [string, T] => entry[1] !== null && entry[1] !== undefined,
    ),
  );
