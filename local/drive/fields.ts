// Partial answers: the `fields` parameter of Google's JSON APIs.
import { ApiError, notImplemented } from '../http/errors.ts';

/** The fields an answer may have; `true` is a leaf. */
export interface Shape {
  readonly [field: string]: true | Shape;
}

/** Cuts an answer down to what was asked for. */
export type Mask = (answer: object) => object;

// Fields of a Drive file that the real API has and this one does not.
const NOT_SERVED = new Set([
  'appProperties',
  'canEdit',
  'contentHints',
  'description',
  'exportLinks',
  'fullFileExtension',
  'iconLink',
  'imageMediaMetadata',
  'isAppAuthorized',
  'lastModifyingUser',
  'modifiedByMe',
  'modifiedByMeTime',
  'ownedByMe',
  'owners',
  'permissionIds',
  'permissions',
  'properties',
  'quotaBytesUsed',
  'sha1Checksum',
  'sha256Checksum',
  'shared',
  'sharedWithMeTime',
  'sharingUser',
  'starred',
  'targetId',
  'targetResourceKey',
  'teamDriveId',
  'thumbnailLink',
  'trashedTime',
  'trashingUser',
  'viewedByMe',
  'viewedByMeTime',
  'webContentLink',
  'webViewLink',
  'writersCanShare',
]);

type Selection = Map<string, Selection | 'all'>;

/**
 * Reads a mask such as `nextPageToken,files(id,name)` or `files/id`; `*` takes everything. Throws `ApiError`
 * 400 for a field that `shape` does not have, 501 for one that only the real API serves.
 */
export function parseFields(text: string, shape: Shape): Mask {
  const tokens = text.replace(/\s/g, '').match(/[A-Za-z0-9_*]+|[(),/]|[^A-Za-z0-9_*(),/]+/g) ?? [];
  const reader = { tokens, next: 0, text };
  const selection = readList(reader, shape);
  if (reader.next < tokens.length) throw badSelection(text);
  return (answer) => cut(answer, selection) as object;
}

interface Reader {
  readonly tokens: readonly string[];
  readonly text: string;
  next: number;
}

function readList(reader: Reader, shape: Shape): Selection {
  const selection: Selection = new Map();
  do readItem(reader, shape, selection);
  while (take(reader, ','));
  return selection;
}

function readItem(reader: Reader, shape: Shape, selection: Selection): void {
  const field = reader.tokens[reader.next++];
  if (field === undefined || !/^[A-Za-z0-9_*]+$/.test(field)) throw badSelection(field ?? reader.text);
  if (field === '*') {
    for (const every of Object.keys(shape)) selection.set(every, 'all');
    return;
  }
  const inner = Object.hasOwn(shape, field) ? shape[field] : undefined;
  if (inner === undefined)
    throw NOT_SERVED.has(field) ? notImplemented(`the field ${field}`) : badSelection(field);
  const deeper = readInner(reader, inner, field);
  const before = selection.get(field);
  if (deeper === 'all' || before === 'all') selection.set(field, 'all');
  else selection.set(field, new Map([...(before ?? []), ...deeper]));
}

function readInner(reader: Reader, inner: true | Shape, field: string): Selection | 'all' {
  const opens = take(reader, '(');
  if (!opens && !take(reader, '/')) return 'all';
  if (inner === true) throw badSelection(`${field}${opens ? '(' : '/'}${reader.tokens[reader.next] ?? ''}`);
  if (opens) {
    const list = readList(reader, inner);
    if (!take(reader, ')')) throw badSelection(reader.text);
    return list;
  }
  const one: Selection = new Map();
  readItem(reader, inner, one);
  return one;
}

function take(reader: Reader, token: string): boolean {
  if (reader.tokens[reader.next] !== token) return false;
  reader.next++;
  return true;
}

function cut(value: unknown, selection: Selection | 'all'): unknown {
  if (selection === 'all' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => cut(one, selection));
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]) => {
      const wanted = selection.get(field);
      return wanted === undefined ? [] : [[field, cut(inner, wanted)]];
    }),
  );
}

const badSelection = (what: string) =>
  new ApiError(400, 'invalidParameter', `Invalid field selection ${what}`, 'fields');
