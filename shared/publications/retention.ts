// The retention of superseded files: it counts from the time at which the newest entry no longer names them.
import { concurrently } from '../concurrently.ts';
import type { ObjectInfo, ObjectStore } from '../objects/store.ts';
import type { PublishedObjects } from '../outputs/published.ts';

const MOST_OBJECTS = 1_000_000;
const AT_ONCE = 16;
const MS_PER_DAY = 86_400_000;
/** A folder that no entry names belongs to a publication in progress, or to one that failed. */
const UNNAMED_DAYS = 30;

export interface Kept {
  readonly pipeline: string;
  /** The current output, from the newest entry of the ledger. */
  readonly current: PublishedObjects;
  /** The publications that any entry names. */
  readonly named: ReadonlySet<string>;
  readonly nowMs: number;
}

/** Sets the time of superseded files. A time is set once and never removed. */
export async function retireSuperseded(kept: Kept, exports: ObjectStore): Promise<number> {
  const prefix = `${kept.pipeline}/${kept.current.output}/`;
  const objects = await exports.list(prefix, MOST_OBJECTS);
  const superseded = objects.filter((object) => isSuperseded(object, prefix, kept));
  await concurrently(superseded, AT_ONCE, ({ name }) => exports.retire(name, kept.nowMs));
  return superseded.length;
}

/** A pure decision. The pointer and the register are in no publication's folder, and are kept for good. */
export function isSuperseded(
  { name, createdAtMs, customTimeMs }: ObjectInfo,
  prefix: string,
  { current, named, nowMs }: Kept,
): boolean {
  const [publication = '', ...rest] = name.slice(prefix.length).split('/');
  if (rest.length === 0 || publication === 'register' || customTimeMs !== undefined) return false;
  if (publication === current.publication) return false;
  return named.has(publication) || nowMs - createdAtMs > UNNAMED_DAYS * MS_PER_DAY;
}
