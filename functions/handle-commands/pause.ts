// Pause and resume: whether new runs of a pipeline are requested. The state records it, so a poll reads it at no cost.
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

type Accepted = AcceptedCommand<PipelineCommand>;

// A poll at the same moment writes the state as well; each conflict means that its write succeeded.
const MOST_CONFLICTS = 10;

export function pausePipeline({ command, by, at }: Accepted, ports: Ports): Promise<CommandResult> {
  const { pipeline, reason, id } = command;
  const pause: Pause = { command: id, by, reason, at };
  return movePause(pipeline, ports, ({ paused }) => {
    if (paused === null) {
      return {
        next: pause,
        result: done(`${pipeline} is paused. Runs in progress will finish; no new run starts.`),
      };
    }
    // An earlier try of this command wrote the pause.
    if (paused.command === id) return { result: done(`${pipeline} is paused.`) };
    return {
      result: refused(
        'ALREADY_PAUSED',
        `${pipeline} is paused already, by ${paused.by} since ${paused.at}: ${paused.reason}.`,
      ),
    };
  });
}

export function resumePipeline({ command }: Accepted, ports: Ports): Promise<CommandResult> {
  const { pipeline } = command;
  return movePause(pipeline, ports, ({ paused }) =>
    paused === null
      ? { result: done(`${pipeline} is not paused; its schedule polls the source.`) }
      : { next: null, result: done(`${pipeline} is resumed; ${paused.by} had paused it at ${paused.at}.`) },
  );
}

interface Move {
  /** Undefined: the state needs no change. */
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
  throw new TransientError(
    `the state of ${pipeline} changed ${MOST_CONFLICTS} times during this command; send it again`,
    { code: 'CONFLICT' },
  );
}
