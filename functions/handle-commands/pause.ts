// Pause and resume: whether a pipeline asks for new runs. The head says so, so that a tick sees it at no cost.
import { TransientError } from '../../shared/errors.ts';
import {
  done,
  refused,
  type AcceptedCommand,
  type PipelineCommand,
  type CommandResult,
} from '../../shared/commands/command.ts';
import { emptyState, moveState, readState, type PipelineState, type Pause } from '../../shared/runs/state.ts';
import type { Ports } from './ports.ts';

type Given = AcceptedCommand<PipelineCommand>;

// A tick at the same moment moves the head as well; each conflict means that it got through.
const MOST_CONFLICTS = 10;

export function pausePipeline({ command, by, at }: Given, ports: Ports): Promise<CommandResult> {
  const { pipeline, reason, id } = command;
  const pause: Pause = { command: id, by, reason, at };
  return movePause(pipeline, ports, ({ paused }) => {
    if (paused === null) {
      return { next: pause, result: done(`${pipeline} is paused; what is under way comes to its end.`) };
    }
    // An earlier try of this very order got this far.
    if (paused.command === id) return { result: done(`${pipeline} is paused.`) };
    return {
      result: refused(`${pipeline} is paused already, by ${paused.by} since ${paused.at}: ${paused.reason}.`),
    };
  });
}

export function resumePipeline({ command }: Given, ports: Ports): Promise<CommandResult> {
  const { pipeline } = command;
  return movePause(pipeline, ports, ({ paused }) =>
    paused === null
      ? { result: done(`${pipeline} is not paused; its ticks look at the source.`) }
      : { next: null, result: done(`${pipeline} goes on; ${paused.by} had paused it at ${paused.at}.`) },
  );
}

interface Move {
  /** Undefined: the head is as it should be. */
  readonly next?: Pause | null;
  readonly result: CommandResult;
}

async function movePause(
  pipeline: string,
  ports: Ports,
  decide: (state: PipelineState) => Move,
): Promise<CommandResult> {
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const state = await readState(ports.runs, pipeline);
    const token = ports.newId();
    const before = state?.value ?? emptyState(token);
    const { next, result } = decide(before);
    if (next === undefined) return result;
    if (await moveState(ports.runs, pipeline, state, { ...before, token, paused: next })) return result;
  }
  throw new TransientError(`the head of ${pipeline} moved ${MOST_CONFLICTS} times under this order`);
}
