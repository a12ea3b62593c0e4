// A mesh in a process of its own, for tests that kill it: IPC messages say what to do, and when to exit.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { readStatus } from '../../shared/history/history.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import { startMesh } from '../mesh/start-mesh.ts';

/** The point at which the process kills itself: a request as it arrives, or once it has been answered. */
export interface Moment {
  readonly when: 'arrives' | 'answered';
  readonly method: string;
  /** A regular expression over the raw URL. */
  readonly url: string;
  /** How many such requests pass before; default none. */
  readonly skip?: number;
}

/**
 * `die`: tick, and die at the moment. `heal`: wait for the end of the newest run and a free lease, with sweeps or
 * by messages alone. `end`: close, and keep the data.
 */
export type OperatorCommand =
  | { readonly kind: 'die'; readonly moment: Moment }
  | { readonly kind: 'heal'; readonly by: 'sweeps' | 'messages' }
  | { readonly kind: 'end' };

export interface Healed {
  readonly run: string;
  readonly outcome: string;
  readonly reason: string;
  readonly ledger: readonly string[];
  readonly mostVisitors: number;
  /** The objects of the runs bucket. */
  readonly objects: readonly string[];
}

// Longer than the 90 s for which another's intent is waited for.
const PAUSE_MS = 250;

const [root = '', acknowledgedFile = ''] = process.argv.slice(2);
const mesh = await startMesh({}, root);
const { pipeline, runs, cloud } = mesh;

interface Exchanged {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

// Written before the process can die: what it has answered for, it has to have after the next start.
subscribe('http.server.response.finish', (message) => {
  const { request, response } = message as Exchanged;
  const [, name] = /\/upload\/storage\/v1\/b\/[^/]+-runs\/o\?.*\bname=([^&]+)/.exec(request.url ?? '') ?? [];
  if (name === undefined || response.statusCode !== 200 || !request.url?.includes('uploadType=multipart'))
    return;
  appendFileSync(acknowledgedFile, `${decodeURIComponent(name)}\n`);
});

function dieAt({ when, method, url, skip = 0 }: Moment): void {
  const pattern = new RegExp(url);
  let left = skip;
  subscribe(when === 'arrives' ? 'http.server.request.start' : 'http.server.response.finish', (message) => {
    const { request } = message as Exchanged;
    if (request.method === method && pattern.test(request.url ?? '') && left-- === 0) {
      process.kill(process.pid, 'SIGKILL');
    }
  });
}

async function heal(by: 'sweeps' | 'messages'): Promise<Healed> {
  const poll = async () => {
    const moving = cloud.jobs.executions().some(({ state }) => state === 'running');
    const { newest, holder } = await readStatus(runs, pipeline.name);
    const ended = newest && (await readOutcome(runs, pipeline.name, newest.run));
    if (!moving && holder === undefined && cloud.pubsub.idle() && ended !== undefined) return true;
    if (by === 'sweeps' && !moving) await mesh.fire('sweep');
    await wait(PAUSE_MS);
    return undefined;
  };
  await mesh.until('the outcome, and rest', poll);
  const { run, outcome } = await mesh.newestRun();
  const [row] = await mesh.query('SELECT MAX(donnees_reelles) AS most FROM carmila_data.predictions_carmila');
  return {
    run,
    outcome: String(outcome?.outcome),
    reason: String(outcome?.reason),
    ledger: await mesh.ledger(),
    mostVisitors: Number(row?.['most']),
    objects: (await runs.list('', 10_000)).map(({ name }) => name),
  };
}

process.on('message', (command: OperatorCommand) => {
  void obey(command);
});
process.send?.('open');

async function obey(command: OperatorCommand): Promise<void> {
  switch (command.kind) {
    case 'die':
      dieAt(command.moment);
      await mesh.fire('tick-carmila');
      return;
    case 'heal':
      process.send?.(await heal(command.by));
      return;
    case 'end':
      await mesh.close();
      process.disconnect();
  }
}
