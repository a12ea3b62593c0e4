// Lets the functions' instances of a closed mesh work for the next one of this process: each takes longer to start than
// many a test. Every mesh is new, over folders of its own; it gets the addresses and the keys of the one before, so that
// an instance finds it where it found that one, and its tokens are valid.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { Readable } from 'node:stream';
import type { Cloud, CloudOptions } from '../../local/cloud.ts';
import { startInstance, type Instance, type StartInstance } from '../../local/functions/instance.ts';
import type { LineLog } from '../../local/run/lines.ts';
import { PassedOn } from './passed-on.ts';

/**
 * From one call to the next these keep clients and tokens, and of a pipeline nothing that carmila has: start-run knows
 * what it prepared for requests, and with detect-changes whose a watched bucket is. The others keep answers for a while.
 */
const MAY_WAIT =
  /\/functions\/(detect-changes|start-run|publish-output|sweep-runs|handle-commands)\/index\.ts$/;
/** Each takes about 150 MB. Beyond so many, the one that waits longest is ended. */
const MOST_WAITING = 10;
const KEY_TABLES = ['iam_keys', 'iam_user_keys', 'iap_keys'];

interface Warm {
  readonly instance: Instance;
  /** What it was started from: the next mesh gets it for exactly the same. */
  readonly source: string;
  readonly log: PassedOn;
  /** Calls that it has not answered; an instance that still works does not wait. */
  unanswered: number;
}

interface Table {
  readonly name: string;
  readonly sql: string;
  readonly rows: readonly Readonly<Record<string, SQLOutputValue>>[];
}

let areKept = false;
let handedOver = 0;
const waiting: Warm[] = [];
const ports = new Map<string, number>();
let keys: readonly Table[] = [];

/** From here on, in this process. A file that is run by itself starts its own, and ends them. */
export const keepFunctionsWarm = (): void => void (areKept = true);

/** The last thing that a group does. */
export async function endWarmFunctions(): Promise<void> {
  assert.ok(handedOver > 0, 'no instance worked for a second mesh: each was started anew');
  for (const { instance } of waiting.splice(0)) await instance.stop();
}

export interface ForOneMesh {
  readonly options: Pick<CloudOptions, 'startInstance' | 'portFor'>;
  /** Closes the cloud; its instances that are idle wait for the next one. */
  close(cloud: Cloud): Promise<void>;
}

/** For a mesh whose cloud keeps everything in the folder `data`. */
export function functionsFor(data: string): ForOneMesh {
  if (!areKept) return { options: {}, close: (cloud) => cloud.close() };
  writeKeys(data);
  const identities = new Set<string>();
  let isClosing = false;
  const start: StartInstance = async (source, log) => {
    const wanted = JSON.stringify(source);
    const found = waiting.findIndex((each) => each.source === wanted);
    const [warm = await started(source, log)] = found < 0 ? [] : waiting.splice(found, 1);
    if (found >= 0) handedOver++;
    return lent(warm, log, () => isClosing && MAY_WAIT.test(source.sourceFile));
  };
  return {
    options: {
      startInstance: start,
      portFor(identity) {
        identities.add(identity);
        return ports.get(identity);
      },
    },
    async close(cloud) {
      for (const identity of identities) ports.set(identity, portIn(await cloud.envOf(identity)));
      isClosing = true;
      await cloud.close();
      keys = keysIn(data);
      while (waiting.length > MOST_WAITING) await waiting.shift()?.instance.stop();
    },
  };
}

const portIn = (env: Readonly<Record<string, string>>): number =>
  Number(new URL(env['GOOGLE_API_ENDPOINT'] ?? '').port);

async function started(...[source, log]: Parameters<StartInstance>): Promise<Warm> {
  const passedOn = new PassedOn(log);
  const instance = await startInstance(source, passedOn);
  const warm = { instance, source: JSON.stringify(source), log: passedOn, unanswered: 0 };
  void instance.died.then(() => {
    const at = waiting.indexOf(warm);
    if (at >= 0) waiting.splice(at, 1);
  });
  return warm;
}

/** The instance as one mesh has it: when that mesh stops it, it waits for the next one if it may. */
function lent(warm: Warm, log: LineLog, mayWait: () => boolean): Instance {
  const { instance } = warm;
  let isLent = true;
  warm.log.passTo(log);
  return {
    ...instance,
    // Its death while it waits is no news to the mesh that it has left.
    died: new Promise((resolve) => void instance.died.then((how) => isLent && resolve(how))),
    async call(call) {
      warm.unanswered++;
      const answer = await instance.call(call).finally(() => warm.unanswered--);
      // Who still reads a stream of events keeps it from being idle.
      if (!Buffer.isBuffer(answer.body)) streamed(warm, answer.body);
      return answer;
    },
    async stop() {
      if (!mayWait() || warm.unanswered > 0) return instance.stop();
      isLent = false;
      instance.unref();
      waiting.push(warm);
    },
  };
}

function streamed(warm: Warm, body: Readable): void {
  warm.unanswered++;
  body.once('close', () => warm.unanswered--);
}

function keysIn(data: string): readonly Table[] {
  const database = new DatabaseSync(join(data, 'state.db'), { readOnly: true });
  const made = database.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all();
  const tables = made
    .filter(({ name }) => KEY_TABLES.includes(String(name)))
    .map(({ name, sql }) => ({
      name: String(name),
      sql: String(sql),
      rows: database.prepare(`SELECT * FROM ${String(name)}`).all(),
    }));
  database.close();
  return tables;
}

/** A folder that has a state keeps it. */
function writeKeys(data: string): void {
  const file = join(data, 'state.db');
  if (existsSync(file)) return;
  mkdirSync(data, { recursive: true });
  const database = new DatabaseSync(file);
  for (const { name, sql, rows } of keys) {
    database.exec(sql);
    for (const row of rows) {
      const values = Object.values(row);
      database.prepare(`INSERT INTO ${name} VALUES (${values.map(() => '?').join(', ')})`).run(...values);
    }
  }
  database.close();
}
