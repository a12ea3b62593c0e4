// A piece of work that some rights are there for, and how to see whether it was done.
import type { Resource } from '../../../local/provision/provision.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { leaseObject, replayObject } from '../../../shared/runs/names.ts';
import { runOutcome } from '../../../shared/runs/outcome.ts';
import { nextId } from '../../mesh/orders.ts';
import { OPERATOR, PIPELINE, type Answer, type Scene } from './scene.ts';

export interface Done {
  readonly isDone: boolean;
  /** What was answered; what was printed is heard besides. */
  readonly said: string;
}

export interface Work {
  readonly what: string;
  /** The names of the program's IAM members without any one of which it cannot be done. */
  readonly needs: readonly string[];
  /** Does the work once, from its beginning, and looks whether it was done. */
  readonly attempt: (scene: Scene, plan: readonly Resource[]) => Promise<Done>;
  /** Why it cannot be tried on this machine. */
  readonly skip?: string | false;
}

/** What a file of `functions/` says: all works of the function, and one whose trace is looked for. */
export interface FunctionWorks {
  readonly works: readonly Work[];
  readonly traced: Work;
}

export async function order(scene: Scene, wish: Readonly<Record<string, unknown>>): Promise<Done> {
  const answer = await scene.call('take-orders', OPERATOR, { id: nextId(), reason: 'a test', ...wish });
  return { isDone: answer.text.includes('"result":"done"'), said: wordsOf(answer) };
}

export async function freed(scene: Scene, answer: Answer): Promise<Done> {
  const isFree = !(await scene.exists(leaseObject(PIPELINE)));
  return { isDone: isWell(answer) && isFree, said: wordsOf(answer) };
}

/** A tick after a change. */
export async function looked(scene: Scene): Promise<Done> {
  scene.edit();
  const status = await scene.mesh.fire('tick-carmila');
  return { isDone: status === 200, said: `the tick answered ${status}` };
}

/** The published run's output, published again. */
export async function replayed({ mesh, published: run, push }: Scene): Promise<Done> {
  const replay = nextId().toLowerCase();
  const answer = await push('load-output', { pipeline: PIPELINE, run, replay, overNewer: true });
  const record = await readJson(mesh.runs, replayObject(PIPELINE, run, replay), runOutcome);
  return { isDone: record?.value.outcome === 'published', said: wordsOf(answer) };
}

export const isWell = ({ status }: Answer): boolean => status >= 200 && status < 300;
export const wordsOf = ({ status, text }: Answer): string => `${status} ${text}`;
