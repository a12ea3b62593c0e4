// Forced run: a run of the source as it is, changed or not, in the operator's name.
import { z } from 'zod';
import { errorCode } from '../../shared/error-codes.ts';
import { PermanentError } from '../../shared/errors.ts';
import { readJson } from '../../shared/objects/json.ts';
import {
  done,
  refused,
  type AcceptedCommand,
  type PipelineCommand,
  type CommandResult,
} from '../../shared/commands/command.ts';
import { runRequest } from '../../shared/runs/state.ts';
import { listRuns } from '../../shared/history/history.ts';
import { requestObject, type RunId } from '../../shared/runs/names.ts';
import { sentence } from '../../shared/sentence.ts';
import type { Ports } from './ports.ts';

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('requested'), run: z.string(), notes: z.array(z.string()).default([]) }),
  z.object({ kind: z.literal('poll'), outcome: z.string(), code: errorCode.nullable(), reason: z.string() }),
]);

// An interrupted command is sent again within minutes.
const RUNS_OBSERVED = 20;

/** The command's id is the request's nonce, so that the same command is one run. */
export async function forceRun(
  { command, by }: AcceptedCommand<PipelineCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, reason, id } = command;
  const before = await runOfNonce(ports, pipeline, id);
  if (before !== undefined) return requested(before);
  const answered = answer.safeParse(await ports.poll({ pipeline, nonce: id, by, reason }));
  if (!answered.success)
    throw new PermanentError('detect-changes gave an answer of an unknown form; nothing was requested');
  if (answered.data.kind === 'requested') return requested(answered.data.run, answered.data.notes);
  const { code, reason: why } = answered.data;
  return refused(code ?? 'RUN_NOT_REQUESTED', `No run requested: ${why}`);
}

const requested = (run: RunId, notes: readonly string[] = []): CommandResult => ({
  ...done([`Run ${run} requested; not started yet`, ...notes].map(sentence).join(' ')),
  run,
});

/** The run that an earlier try of this command requested. */
async function runOfNonce({ runs }: Ports, pipeline: string, nonce: string): Promise<RunId | undefined> {
  for (const { run } of await listRuns(runs, pipeline, RUNS_OBSERVED)) {
    const request = await readJson(runs, requestObject(pipeline, run), runRequest);
    if (request?.value.nonce === nonce) return run;
  }
  return undefined;
}
