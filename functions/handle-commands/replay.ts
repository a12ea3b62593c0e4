// Plan and replay: publish-output computes what a stored output would change, and publishes exactly that by the plan's hash.
import { commandLine } from '../../shared/command-line.ts';
import {
  done,
  refused,
  type AcceptedCommand,
  type CommandResult,
  type PlanCommand,
  type ReplayCommand,
} from '../../shared/commands/command.ts';
import { TransientError } from '../../shared/errors.ts';
import { readJson } from '../../shared/objects/json.ts';
import { pipelineNamed } from '../../shared/pipelines/registry.ts';
import { plannedObject, replayObject } from '../../shared/runs/names.ts';
import { runOutcome } from '../../shared/runs/outcome.ts';
import { planned } from '../../shared/warehouse/plan.ts';
import { noSuchRun, observed, resultOfReplay, runExists, type Ports } from './ports.ts';

// Less than the time for which a caller waits (shared/google/functions.ts).
const LONGEST_REPLAY_MS = 200_000;

/** The command's id names the request: the same message twice is answered by one plan. Nothing is published. */
export async function makePlan(
  { command }: AcceptedCommand<PlanCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, kind, id } = command;
  if (!(await runExists(ports, pipeline, run))) return noSuchRun(pipeline, run);
  if (kind === 'rollback' && publishesModelsAlone(pipeline, ports)) return modelsOneByOne(pipeline);
  await ports.loadRequested.publish({
    ...{ pipeline, run, replay: id, plan: true, rollback: kind === 'rollback' },
  });
  const record = plannedObject(pipeline, run, id);
  const answer = await observed(ports, LONGEST_REPLAY_MS, () => readJson(ports.runs, record, planned));
  if (answer === undefined) throw pending(`the plan of run ${run}`, record);
  if (answer.value.kind === 'unfit') {
    const { code, reason } = answer.value;
    return refused(code, `No plan was made: ${reason}`);
  }
  const { hash } = answer.value;
  const what = `a ${kind} ${kind === 'rollback' ? 'to' : 'of'} run ${run}`;
  return { ...done(`Plan ${hash} of ${what} is made. Nothing was published.`), plan: hash };
}

/**
 * Always by a plan, so that no replay of the console or of a program changes what its sender has not seen. If anything
 * moved since, publish-output refuses it and names what.
 */
export async function applyPlan(
  { command, by }: AcceptedCommand<ReplayCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, apply, reason, id } = command;
  if (!(await runExists(ports, pipeline, run))) return noSuchRun(pipeline, run);
  await ports.loadRequested.publish({ pipeline, run, replay: id, apply, by, reason });
  const record = replayObject(pipeline, run, id);
  const answer = await observed(ports, LONGEST_REPLAY_MS, () => readJson(ports.runs, record, runOutcome));
  if (answer === undefined) throw pending(`the replay of run ${run}`, record);
  return resultOfReplay(answer.value, (message) => `Run ${run} is published: ${message}`);
}

/** A run's other candidates may never have been current. */
const publishesModelsAlone = (pipeline: string, { pipelines }: Ports): boolean =>
  pipelineNamed(pipelines, pipeline).outputs.every(({ kind }) => kind === 'model');

const modelsOneByOne = (pipeline: string): CommandResult =>
  refused(
    'COMMAND_NOT_APPLICABLE',
    `${pipeline} publishes models alone, which are rolled back one by one: ` +
      `${commandLine(pipeline, `models ${pipeline} rollback --model <name>`)} --reason "<why>"`,
  );

const pending = (what: string, record: string): TransientError =>
  new TransientError(`${what} was passed on, and ${record} is not written yet; send the same command again`, {
    code: 'RESULT_PENDING',
  });
