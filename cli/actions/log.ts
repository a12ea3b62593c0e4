// The log of a run's job: of the local cloud from its file, of a project where Google shows it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../shared/errors.ts';
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
  if (target.logFolder === undefined) {
    const url = consoleUrl(target.config.GOOGLE_CLOUD_PROJECT, execution);
    return sluice.report({ run: id, attempt: attempt.attempt, execution, url, lines: null }, url);
  }
  const file = join(target.logFolder, `${execution}.log`);
  if (!existsSync(file)) throw new ConfigurationError(`the log file ${file} no longer exists`);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const data = { run: id, attempt: attempt.attempt, execution, url: null, lines };
  sluice.report(data, lines.map((line) => logLineText(line, pipeline)).join('\n'));
}

const consoleUrl = (project: string, execution: string): string => {
  const query = encodeURIComponent(`labels."run.googleapis.com/execution_name"="${execution}"`);
  return `https://console.cloud.google.com/logs/query;query=${query}?project=${project}`;
};
