// What a form under a pipeline is about: read when the form is shown, and again when it is sent.
import { commandWithReason } from '../../../shared/command-line.ts';
import { isWatch, type Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { isRunId } from '../../../shared/runs/names.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { pipelineIn, readStanding } from '../reading/pipelines.ts';
import { seenOf } from '../reading/seen.ts';
import { isAboutModels, isAboutRun, isFormVerb, VERBS, type PipelineFormVerb } from '../verbs.ts';
import type { Subject } from './about.ts';
import { givenIn, requireOperator } from './form.ts';
import { modelSubject } from './models.ts';
import { planSubject } from './plan.ts';

export interface FormPlace {
  readonly pipeline: Pipeline;
  readonly verb: PipelineFormVerb;
}

/** Named by the address, and checked before anything is read. */
export function formPlaceIn(asked: Asked, ports: Ports): FormPlace {
  const pipeline = pipelineIn(asked, ports);
  const verb = asked.params['verb'] ?? '';
  const of = `/p/${pipeline.name}/commands`;
  if (!isFormVerb(verb))
    throw new PageProblem(
      'not-found',
      `command ${verb}`,
      VERBS.map((each) => ({ name: each, path: `${of}/new/${each}` })),
    );
  requireOperator(asked, { name: of, path: of });
  return { pipeline, verb };
}

export function subjectOf(place: FormPlace, asked: Asked, ports: Ports): Promise<Subject> {
  const { pipeline, verb } = place;
  if (verb === 'plan') return planSubject(pipeline, asked, ports);
  if (isAboutModels(verb)) return modelSubject(pipeline, verb, asked, ports);
  return standingSubject(place, isAboutRun(verb) ? runIn(asked) : null, ports);
}

async function standingSubject(
  { pipeline, verb }: FormPlace,
  run: string | null,
  ports: Ports,
): Promise<Subject> {
  // Before what is shown is read: a change in between makes the form stale, never unnoticed.
  const seen = await seenOf(pipeline, run, ports);
  const words = verb === 'run' ? 'run --force' : [verb, run].filter(Boolean).join(' ');
  return {
    seen,
    fields: run === null ? [] : [['run', run]],
    line: commandWithReason(pipeline.name, words),
    ...(isWatch(pipeline) && { standing: (await readStanding(pipeline, ports)).standing }),
  };
}

/** A run that the form is about. */
export function runIn(asked: Asked): string {
  const run = givenIn(asked, 'run') ?? '';
  if (isRunId(run)) return run;
  throw new PageProblem('invalid', `run=${run.slice(0, 60)}: a run such as 000005-3fa9c1d2`);
}
