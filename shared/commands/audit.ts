// The audit record: every command with who gave it, before it is carried out, and its result, after.
import { z } from 'zod';
import { concurrently } from '../concurrently.ts';
import { createOnce, readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import {
  command,
  commandIdOf,
  commandTimeOf,
  commandResult,
  type AcceptedCommand,
  type OperatorCommand,
  type CommandResult,
} from './command.ts';

const acceptedCommand = z.object({
  command,
  by: z.string(),
  at: z.iso.datetime(),
  through: z.string().optional(),
});
const endedCommand = z.object({ id: z.string(), at: z.iso.datetime(), ...commandResult.shape });

export interface AuditEntry extends AcceptedCommand {
  /** Undefined: it is in progress or was interrupted; the same command again finishes it. */
  readonly ended: (CommandResult & { readonly at: string }) | undefined;
}

/** Dead letters may belong to no pipeline; no pipeline can have this name. */
export const OF_DEAD_LETTERS = '_dead-letters';
// A command is two objects.
const MOST_OBJECTS = 100_000;
const READ_AT_ONCE = 16;
const MS_PER_DAY = 86_400_000;
/** Undefined: from the first on. An id may carry a future date, from the operator's clock, and is still listed. */
const LOOKBACK_DAYS = [32, 500, undefined];
const DONE = '-done.json';

const folderOf = (given: OperatorCommand) => ('pipeline' in given ? given.pipeline : OF_DEAD_LETTERS);
const intentObject = (given: OperatorCommand) => `${folderOf(given)}/${given.id}.json`;
const doneObject = (given: OperatorCommand) => `${folderOf(given)}/${given.id}${DONE}`;

/** The command that is recorded under this id: this one, or the one that was accepted before (law 2). */
export const recordIntent = (audit: ObjectStore, accepted: AcceptedCommand): Promise<AcceptedCommand> =>
  createOnce<AcceptedCommand>(audit, intentObject(accepted.command), acceptedCommand, accepted);

/** The command that was recorded under this id; undefined where none was. The caller checks the id. */
export const readIntent = async (
  audit: ObjectStore,
  pipeline: string,
  id: string,
): Promise<OperatorCommand | undefined> =>
  (await readJson(audit, `${pipeline}/${id}.json`, acceptedCommand))?.value.command;

export const readEnd = async (
  audit: ObjectStore,
  given: OperatorCommand,
): Promise<CommandResult | undefined> => (await readJson(audit, doneObject(given), endedCommand))?.value;

/** Records the result; the first one stands, and is returned. */
export const recordEnd = (
  audit: ObjectStore,
  given: OperatorCommand,
  result: CommandResult,
  at: string,
): Promise<CommandResult> =>
  createOnce(audit, doneObject(given), endedCommand, { id: given.id, at, ...result });

export interface AuditPorts {
  readonly audit: ObjectStore;
  readonly now: () => number;
}

/** A part of the audit record by the times at which the commands were given, which their ids begin with. */
export interface AuditRange {
  /** Only commands whose id sorts before this one. */
  readonly before?: string | undefined;
  readonly fromMs?: number;
  /** The first moment after the range. */
  readonly untilMs?: number;
}

/**
 * The newest `count` commands for a pipeline and for dead letters, newest first. Their names begin with the time at
 * which they were given, so the last month of the range is listed first, then the last year and more, and everything only
 * if these hold too few.
 */
export async function listAudit(
  { audit, now }: AuditPorts,
  pipeline: string,
  count: number,
  { before, fromMs = -Infinity, untilMs = Infinity }: AuditRange = {},
): Promise<readonly AuditEntry[]> {
  const names = new Set<string>();
  const ends = [before, Number.isFinite(untilMs) ? commandIdOf(untilMs, '') : undefined];
  const end = ends.filter((each) => each !== undefined).sort()[0];
  const endMs = before === undefined ? Math.min(now(), untilMs) : Math.min(commandTimeOf(before), untilMs);
  for (const days of LOOKBACK_DAYS) {
    const sinceMs = Math.max(fromMs, days === undefined ? -Infinity : endMs - days * MS_PER_DAY);
    const since = Number.isFinite(sinceMs) ? commandIdOf(sinceMs, '') : '';
    const listed = await Promise.all(
      [pipeline, OF_DEAD_LETTERS].map((folder) =>
        audit.list(`${folder}/`, MOST_OBJECTS, `${folder}/${since}`, end && `${folder}/${end}`),
      ),
    );
    for (const { name } of listed.flat()) names.add(name);
    if (intentsIn(names).length >= count || sinceMs === fromMs) break;
  }
  return newestOf(audit, names, count);
}

/** Dead letters are kept no longer than this, so no older command is about one that is left. */
const DAYS_OF_DEAD_LETTERS = 32;

/** The newest `count` commands on dead letters of the last month, newest first. */
export async function listOnDeadLetters(
  { audit, now }: AuditPorts,
  count: number,
): Promise<readonly AuditEntry[]> {
  const since = commandIdOf(now() - DAYS_OF_DEAD_LETTERS * MS_PER_DAY, '');
  const listed = await audit.list(`${OF_DEAD_LETTERS}/`, MOST_OBJECTS, `${OF_DEAD_LETTERS}/${since}`);
  return newestOf(audit, new Set(listed.map(({ name }) => name)), count);
}

async function newestOf(
  audit: ObjectStore,
  names: ReadonlySet<string>,
  count: number,
): Promise<readonly AuditEntry[]> {
  const idOf = (name: string) => name.slice(name.indexOf('/') + 1);
  const newest = intentsIn(names)
    .sort((a, b) => (idOf(a) < idOf(b) ? 1 : -1))
    .slice(0, count);
  const entries = await concurrently(newest, READ_AT_ONCE, (name) => entryOf(audit, name, names));
  // A command's id holds its time in seconds, and two may be given in one second.
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
    readJson(audit, name, acceptedCommand),
    names.has(end) ? readJson(audit, end, endedCommand) : undefined,
  ]);
  return accepted && { ...accepted.value, ended: ended?.value };
}

/** One command with its result; undefined where there is none of that id. The caller checks the id. */
export async function readAuditEntry(
  audit: ObjectStore,
  pipeline: string,
  id: string,
): Promise<AuditEntry | undefined> {
  const intent = `${pipeline}/${id}.json`;
  return entryOf(audit, intent, new Set([intent, `${pipeline}/${id}${DONE}`]));
}
