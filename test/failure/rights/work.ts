// A piece of work that some rights are there for, and how to see whether it was done.
import type { Resource } from '../../../local/provision/provision.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { leaseObject, replayObject } from '../../../shared/runs/names.ts';
import { runOutcome } from '../../../shared/runs/outcome.ts';
import { nextId } from '../../mesh/operator-commands.ts';
import { OPERATOR, PIPELINE, type Answer, type RightsSetup } from './setup.ts';

export interface Done {
  readonly isDone: boolean;
  /** What was answered; the log lines are read separately. */
  readonly message: string;
}

/** `On`: the fixture on which it is done. */
export interface Work<On = RightsSetup> {
  readonly what: string;
  /** The names of the program's IAM members without any one of which it cannot be done. */
  readonly needs: readonly string[];
  /** Does the work once, from its beginning, and checks whether it was done. */
  readonly attempt: (setup: On, plan: readonly Resource[]) => Promise<Done>;
  /** Why it cannot be tried on this machine. */
  readonly skip?: string | false;
}

/** What a file of `functions/` says: all works of the function, and one whose trace is checked. */
export interface FunctionWorks {
  readonly works: readonly Work[];
  readonly traced: Work;
}

export async function command(
  setup: Pick<RightsSetup, 'call'>,
  draft: Readonly<Record<string, unknown>>,
): Promise<Done> {
  const answer = await setup.call('handle-commands', OPERATOR, { id: nextId(), reason: 'a test', ...draft });
  return { isDone: answer.text.includes('"result":"done"'), message: answerText(answer) };
}

export async function freed(setup: RightsSetup, answer: Answer): Promise<Done> {
  const isFree = !(await setup.exists(leaseObject(PIPELINE)));
  return { isDone: isWell(answer) && isFree, message: answerText(answer) };
}

/** A tick after a change. */
export async function polled(setup: RightsSetup): Promise<Done> {
  setup.edit();
  const status = await setup.mesh.fire('tick-carmila');
  return { isDone: status === 200, message: `the tick answered ${status}` };
}

/** The published run's output, published again. */
export async function replayed({ mesh, published: run, push }: RightsSetup): Promise<Done> {
  const replay = nextId().toLowerCase();
  const answer = await push('publish-output', { pipeline: PIPELINE, run, replay, allowOlder: true });
  const record = await readJson(mesh.runs, replayObject(PIPELINE, run, replay), runOutcome);
  return { isDone: record?.value.outcome === 'published', message: answerText(answer) };
}

export const isWell = ({ status }: Answer): boolean => status >= 200 && status < 300;
export const answerText = ({ status, text }: Answer): string => `${status} ${text}`;
