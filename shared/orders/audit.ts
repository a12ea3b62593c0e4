// The audit record: every order with who gave it, before it is carried out, and what came of it, after.
import { z } from 'zod';
import { concurrently } from '../concurrently.ts';
import { createOnce, readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { order, orderIdOf, orderResult, type AcceptedOrder, type Order, type OrderResult } from './order.ts';

const acceptedOrder = z.object({ order, by: z.string(), at: z.iso.datetime() });
const endedOrder = z.object({ id: z.string(), at: z.iso.datetime(), ...orderResult.shape });

export interface AuditEntry extends AcceptedOrder {
  /** Undefined: it was cut off on the way, or is under way; the same order again finishes it. */
  readonly ended: (OrderResult & { readonly at: string }) | undefined;
}

/** Dead letters may be of no pipeline; the name is none that a pipeline could have. */
const OF_DEAD_LETTERS = '_dead-letters';
// An order is two objects.
const MOST_OBJECTS = 100_000;
const READ_AT_ONCE = 16;
const MS_PER_DAY = 86_400_000;
/** Undefined: from the first on. An id may be dated ahead, by the clock of who gave it, and is listed all the same. */
const LOOKED_BACK_DAYS = [32, 500, undefined];
const DONE = '-done.json';

const folderOf = (given: Order) => ('pipeline' in given ? given.pipeline : OF_DEAD_LETTERS);
const intentObject = (given: Order) => `${folderOf(given)}/${given.id}.json`;
const doneObject = (given: Order) => `${folderOf(given)}/${given.id}${DONE}`;

/** The record of the order that stands: this one, or what was accepted under its id before (law 2). */
export const recordIntent = (audit: ObjectStore, accepted: AcceptedOrder): Promise<AcceptedOrder> =>
  createOnce<AcceptedOrder>(audit, intentObject(accepted.order), acceptedOrder, accepted);

export const readEnd = async (audit: ObjectStore, given: Order): Promise<OrderResult | undefined> =>
  (await readJson(audit, doneObject(given), endedOrder))?.value;

/** Records what came of it; the first answer stands, and is returned. */
export const recordEnd = (
  audit: ObjectStore,
  given: Order,
  result: OrderResult,
  at: string,
): Promise<OrderResult> => createOnce(audit, doneObject(given), endedOrder, { id: given.id, at, ...result });

export interface AuditPorts {
  readonly audit: ObjectStore;
  readonly now: () => number;
}

/**
 * The newest `count` orders for a pipeline and for dead letters, newest first. Their names begin with the time
 * at which they were given, so what is listed is the last month, then the last year and more, and all only where
 * these hold too few.
 */
export async function listAudit(
  { audit, now }: AuditPorts,
  pipeline: string,
  count: number,
): Promise<readonly AuditEntry[]> {
  const names = new Set<string>();
  for (const days of LOOKED_BACK_DAYS) {
    const since = days === undefined ? '' : orderIdOf(now() - days * MS_PER_DAY, '');
    const listed = await Promise.all(
      [pipeline, OF_DEAD_LETTERS].map((folder) =>
        audit.list(`${folder}/`, MOST_OBJECTS, `${folder}/${since}`),
      ),
    );
    for (const { name } of listed.flat()) names.add(name);
    if (intentsIn(names).length >= count) break;
  }
  const idOf = (name: string) => name.slice(name.indexOf('/') + 1);
  const newest = intentsIn(names)
    .sort((a, b) => (idOf(a) < idOf(b) ? 1 : -1))
    .slice(0, count);
  const entries = await concurrently(newest, READ_AT_ONCE, (name) => entryOf(audit, name, names));
  // An order's id tells its second, and two may be given in one.
  return entries
    .filter((entry) => entry !== undefined)
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

const intentsIn = (names: ReadonlySet<string>) => [...names].filter((name) => !name.endsWith(DONE));

async function entryOf(
  audit: ObjectStore,
  name: string,
  names: ReadonlySet<string>,
): Promise<AuditEntry | undefined> {
  const end = `${name.slice(0, -'.json'.length)}${DONE}`;
  const [accepted, ended] = await Promise.all([
    readJson(audit, name, acceptedOrder),
    names.has(end) ? readJson(audit, end, endedOrder) : undefined,
  ]);
  return accepted && { ...accepted.value, ended: ended?.value };
}
