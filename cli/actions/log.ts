// The log of a run's job, as Cloud Logging has it.
import { counted } from '../../shared/counted.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { readWholeLog } from '../../shared/executions/job-log.ts';
import { googleJobLog } from '../../shared/google/job-log.ts';
import { attemptsOf } from '../../shared/history/history.ts';
import { isRequests, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { logLineText } from '../log-line.ts';
import { knownRun } from './run.ts';
import { checkedRunId, runsOf } from './stores.ts';

export async function showLog(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  id: string,
  wanted: number | undefined,
): Promise<void> {
  const attempts = isRequests(pipeline)
    ? await attemptsOf(runsOf(target), pipeline.name, checkedRunId(id))
    : (await knownRun(target, pipeline, id)).attempts;
  const attempt = wanted === undefined ? attempts.at(-1) : attempts.find((each) => each.attempt === wanted);
  if (attempt?.execution === undefined) {
    const which = wanted === undefined ? 'no attempt' : `no attempt ${wanted}`;
    throw new ConfigurationError(`run ${id} of ${pipeline.name} has ${which} with an execution`);
  }
  const execution = attempt.execution.split('/').at(-1) ?? '';
  const { lines, isCut } = await readWholeLog(googleJobLog(target.config), execution);
  const text = lines.map((line) => logLineText(line, pipeline)).join('\n');
  sluice.report({ run: id, attempt: attempt.attempt, execution, lines, isCut }, text);
  if (isCut) sluice.hint(`The log is longer: these are its newest ${counted(lines.length, 'line')}.`);
}
