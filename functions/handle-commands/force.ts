// Run by force: a run of the folder as it is, changed or not, in the name of the person who asks.
import { z } from 'zod';
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
import type { Ports } from './ports.ts';

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('requested'), run: z.string(), notes: z.array(z.string()).default([]) }),
  z.object({ kind: z.literal('poll'), outcome: z.string(), reason: z.string() }),
]);

// An order that was cut off is given again within minutes.
const RUNS_OBSERVED = 20;

/** The order's id is the request's nonce, so that the same order is one run. */
export async function forceRun(
  { command, by }: AcceptedCommand<PipelineCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, reason, id } = command;
  const before = await runOfNonce(ports, pipeline, id);
  if (before !== undefined) return asked(before);
  const answered = answer.safeParse(await ports.poll({ pipeline, nonce: id, by, reason }));
  if (!answered.success) throw new PermanentError('detect-changes answered something that is no answer');
  if (answered.data.kind === 'requested') return asked(answered.data.run, answered.data.notes);
  return refused(`no run was asked for. ${answered.data.outcome}: ${answered.data.reason}`);
}

const asked = (run: RunId, notes: readonly string[] = []): CommandResult => ({
  ...done([`run ${run} was asked for`, ...notes].map((sentence) => `${sentence}.`).join(' ')),
  run,
});

/** The run that an earlier try of this order led to. */
async function runOfNonce({ runs }: Ports, pipeline: string, nonce: string): Promise<RunId | undefined> {
  for (const { run } of await listRuns(runs, pipeline, RUNS_OBSERVED)) {
    const request = await readJson(runs, requestObject(pipeline, run), runRequest);
    if (request?.value.nonce === nonce) return run;
  }
  return undefined;
}
