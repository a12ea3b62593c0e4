// The commands on pipelines that take requests: their runs have gates in place of a lease.
import { commandLine } from '../../../shared/command-line.ts';
import {
  refused,
  type AcceptedCommand,
  type CommandResult,
  type PipelineCommand,
  type PlanCommand,
  type ReplayCommand,
  type RollbackCommand,
  type RunCommand,
} from '../../../shared/commands/command.ts';
import { queueObject } from '../../../shared/requests/names.ts';
import { requestObject } from '../../../shared/runs/names.ts';
import { noSuchRun, type Ports } from '../ports.ts';
import { cancelRequested } from './cancel.ts';
import { holdRequested } from './hold.ts';
import { releaseRequested } from './release.ts';

type Given = PipelineCommand | RunCommand | RollbackCommand | PlanCommand | ReplayCommand;
type Accepted = AcceptedCommand<Given>;
type Applicable = RunCommand & { readonly verb: 'cancel' | 'hold' | 'release' };

const isApplicable = (command: Given): command is Applicable =>
  command.verb === 'cancel' || command.verb === 'hold' || command.verb === 'release';

export async function handleRequested({ command, ...given }: Accepted, ports: Ports): Promise<CommandResult> {
  const { verb, pipeline } = command;
  if (!isApplicable(command)) return notApplicable(verb, pipeline);
  const accepted = { ...given, command };
  if (!(await isRequested(pipeline, command.run, ports))) return noSuchRun(pipeline, command.run);
  switch (command.verb) {
    case 'cancel':
      return cancelRequested(accepted, ports);
    case 'hold':
      return holdRequested(accepted, ports);
    case 'release':
      return releaseRequested(accepted, ports);
  }
}

/**
 * In this sequence: the dispatch copies the entry into the run's folder before it deletes the entry. A gate that is
 * written for a run that was never requested would be half a folder.
 */
async function isRequested(pipeline: string, run: string, { runs, requests }: Ports): Promise<boolean> {
  if ((await requests.info(queueObject(pipeline, run))) !== undefined) return true;
  return (await runs.info(requestObject(pipeline, run))) !== undefined;
}

/** Refused by name, with what to do instead. */
function notApplicable(verb: Accepted['command']['verb'], pipeline: string): CommandResult {
  const first = `${pipeline} watches no source: its runs are requested, so ${verb} does not apply to it.`;
  const toRequest = commandLine(pipeline, `request ${pipeline}`);
  const toList = commandLine(pipeline, 'runs');
  const INSTEAD: Partial<Record<typeof verb, string>> = {
    pause: `To accept no request any more, take the callers out of ${pipeline}:callers and deploy. To list the runs that wait, which can be cancelled: ${toList}`,
    resume: `It is not paused; ${pipeline}:callers in the stack names who may request a run.`,
    run: `To request a run: ${toRequest}`,
    plan: 'A result is published once.',
    replay: 'A result is published once.',
  };
  return refused('COMMAND_NOT_APPLICABLE', `${first} ${INSTEAD[verb] ?? 'It publishes no model.'}`);
}
