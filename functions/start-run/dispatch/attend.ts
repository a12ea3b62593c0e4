// Attends to the queue: copies new requests, ends those that a gate or their time ended, and checks the others in turn.
import { concurrently } from '../../../shared/concurrently.ts';
import type { Entry, Queue } from '../../../shared/requests/queue.ts';
import { checkEntry } from './check.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { DispatchPorts } from './ports.ts';

const AT_ONCE = 16;
/** The bounds of one call (law 10); the next call continues. */
const MOST_PREPARED = 200;
const MOST_EXPIRED = 200;
const PATROL = 100;
const PATROL_EVERY_MS = 60_000;
// The sweep calls every ten minutes, so each entry is copied by one call at least before it is older.
const NEW_MS = 15 * 60 * 1000;

export interface Attended {
  /** Without the entries that have ended or cannot be read. */
  readonly queue: Queue;
  /** The runs that were found startable: they are not checked again by this dispatch. */
  readonly startable: ReadonlySet<string>;
}

/** `hint`: the run of the message, which is checked first. */
export async function attendQueue(
  pipeline: RequestsPipeline,
  queue: Queue,
  hint: string,
  ports: DispatchPorts,
): Promise<Attended> {
  const nowMs = ports.now();
  for (const object of queue.malformed)
    ports.log.error(
      { object, code: 'OBJECT_MALFORMED' },
      `The entry ${object} cannot be read and never starts: its name or its metadata has the wrong form.`,
    );
  const isNew = ({ run, createdAtMs }: Entry) =>
    run === hint || (nowMs - createdAtMs < NEW_MS && !ports.recall.prepared.has(run));
  const fresh = first(queue.candidates.filter(isNew), MOST_PREPARED, hint);
  const expired = queue.candidates.filter(({ expiresAtMs }) => expiresAtMs <= nowMs).slice(0, MOST_EXPIRED);
  const checked = new Set([
    // A check copies the request.
    ...fresh,
    ...expired,
    ...patrolled(queue.candidates, nowMs, ports),
  ]);
  const left = new Set<string>();
  const startable = new Set<string>();
  await concurrently([...checked], AT_ONCE, async (entry) => {
    const found = await checkEntry(pipeline, entry, ports);
    if (found === 'ended' || found === 'unreadable') left.add(entry.run);
    if (found === 'startable') startable.add(entry.run);
  });
  const candidates = queue.candidates.filter(({ run }) => !left.has(run));
  return { queue: { ...queue, candidates }, startable };
}

const first = (entries: readonly Entry[], most: number, hint: string): readonly Entry[] =>
  entries.toSorted((a, b) => Number(b.run === hint) - Number(a.run === hint)).slice(0, most);

/**
 * A cancelled or rejected request whose message was lost is found here, before its turn comes: some entries a minute,
 * others in each.
 */
function patrolled(entries: readonly Entry[], nowMs: number, { recall }: DispatchPorts): readonly Entry[] {
  if (nowMs - recall.patrolledAtMs < PATROL_EVERY_MS) return [];
  recall.patrolledAtMs = nowMs;
  if (entries.length <= PATROL) return entries;
  const from = (Math.floor(nowMs / PATROL_EVERY_MS) * PATROL) % entries.length;
  return [...entries.slice(from), ...entries.slice(0, from)].slice(0, PATROL);
}
