// Lists the queue of a pipeline by the metadata of its entries: scheduling reads no entry.
import type { ObjectInfo, ObjectStore } from '../objects/store.ts';
import type { Candidate } from './candidates.ts';
import type { Queued } from './decide.ts';
import { entryMetadata } from './entry.ts';
import { ownerOf, queuePrefix } from './names.ts';

export interface Entry extends Candidate {
  /** The object of the queue, and its generation, by which it is deleted. */
  readonly object: string;
  readonly generation: string;
  readonly createdAtMs: number;
}

export interface Queue extends Queued {
  readonly candidates: readonly Entry[];
  /** Objects whose name or metadata cannot be read. */
  readonly malformed: readonly string[];
}

/** How many entries one decision considers. An owner has fewer (`waitingPerOwner`). */
export const MOST_LISTED = 10_000;

/**
 * The entries from the owner whose turn it is, around to the owner before it. A queue with more than `MOST_LISTED`
 * entries is considered in parts: owners are listed whole or not at all, and the next decision begins with the first
 * that was left out, so the bound of fairness then holds within each part.
 */
export async function listQueue(
  requests: ObjectStore,
  pipeline: string,
  cursor: string | null,
  most = MOST_LISTED,
): Promise<Queue> {
  const prefix = queuePrefix(pipeline);
  const from = `${prefix}${cursor ?? ''}`;
  const listed = [...(await requests.first(prefix, most + 1, from))];
  if (cursor !== null && listed.length <= most)
    listed.push(...(await requests.first(prefix, most + 1 - listed.length, '', from)));
  const entries = listed.map(({ name }) => ownerIn(prefix, name));
  const after = listed.length > most ? (entries.at(-1) ?? null) : null;
  const shown = after === null ? listed : listed.filter((_each, index) => entries[index] !== after);
  const read = shown.map((info) => entryOf(prefix, info) ?? info.name);
  return {
    candidates: read.filter((each) => typeof each !== 'string'),
    malformed: read.filter((each) => typeof each === 'string'),
    covers: (owner) => after === null || isBetween(owner, cursor ?? '', after),
    after,
  };
}

const ownerIn = (prefix: string, name: string): string => name.slice(prefix.length).split('/')[0] ?? '';

/** In the ring of owners, from `first` on and before `end`. */
const isBetween = (owner: string, first: string, end: string): boolean =>
  first < end ? owner >= first && owner < end : owner >= first || owner < end;

function entryOf(prefix: string, info: ObjectInfo): Entry | undefined {
  const [owner = '', run = '', ...more] = info.name.slice(prefix.length).split('/');
  const metadata = entryMetadata.safeParse(info.metadata);
  const isNamed = more.length === 0 && ownerOf(run) === owner;
  const acceptedAtMs = Date.parse(metadata.data?.['accepted-at'] ?? '');
  const expiresAtMs = Date.parse(metadata.data?.['expires-at'] ?? '');
  if (!isNamed || !metadata.success || Number.isNaN(acceptedAtMs) || Number.isNaN(expiresAtMs))
    return undefined;
  const { cost, priority, approval } = metadata.data;
  return {
    ...{ run, owner, cost, priority, approval, acceptedAtMs, expiresAtMs },
    ...{ object: info.name, generation: info.generation, createdAtMs: info.createdAtMs },
  };
}
