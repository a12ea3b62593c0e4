// A piece of work that some rights are there for, and how to see whether it was done.
import type { Resource } from '../../../local/provision/provision.ts';
import { leaseObject } from '../../../shared/runs/names.ts';
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

export async function order(scene: Scene, wish: Readonly<Record<string, unknown>>): Promise<Done> {
  const answer = await scene.call('take-orders', OPERATOR, { id: nextId(), reason: 'a test', ...wish });
  return { isDone: answer.text.includes('"result":"done"'), said: wordsOf(answer) };
}

export async function freed(scene: Scene, answer: Answer): Promise<Done> {
  const isFree = !(await scene.exists(leaseObject(PIPELINE)));
  return { isDone: isWell(answer) && isFree, said: wordsOf(answer) };
}

export const isWell = ({ status }: Answer): boolean => status >= 200 && status < 300;
export const wordsOf = ({ status, text }: Answer): string => `${status} ${text}`;
