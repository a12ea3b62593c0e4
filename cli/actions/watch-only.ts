// Verbs that a pipeline which takes requests does not have: refused by name, with what to type in their place.
import { commandLine } from '../../shared/command-line.ts';
import { PermanentError } from '../../shared/errors.ts';
import { isRequests, type Pipeline } from '../../shared/pipelines/pipeline.ts';

export function requireWatch(pipeline: Pipeline, verb: string): void {
  const { name } = pipeline;
  if (!isRequests(pipeline)) return;
  throw new PermanentError(
    `${name} watches no source: its runs are requested, so ${verb} does not apply to it. ` +
      `To list its runs, whose results are published once: ${commandLine(name, 'runs')}`,
    { code: 'COMMAND_NOT_APPLICABLE' },
  );
}
