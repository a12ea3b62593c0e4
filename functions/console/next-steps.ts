// What to do next, by the status of a run or a pipeline: a form of this console, and the command to copy.
import { commandLine, commandWithReason } from '../../shared/command-line.ts';
import { html, NOTHING, type Html } from '../../shared/page/html.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Standing } from './reading/standing.ts';
import type { PipelineFormVerb } from './verbs.ts';
import type { View } from './view.ts';
import { VERB_WORDS } from './words/verbs.ts';

export interface NextStep {
  /** The form of this console; undefined for what only a terminal can do. */
  readonly verb?: PipelineFormVerb;
  readonly run?: string;
  /** To paste into a terminal. */
  readonly line: string;
  /** It polls the source, which is refused while the pipeline is paused. */
  readonly polls?: true;
}

/** For a run, by its status. */
export function stepsOfRun(
  pipeline: string,
  run: string,
  status: string,
  code: string | null,
): readonly NextStep[] {
  const of = (verb: PipelineFormVerb): NextStep => ({
    verb,
    run,
    line: commandWithReason(pipeline, `${verb} ${run}`),
  });
  const again = runNow(pipeline);
  const plan: NextStep = { verb: 'plan', run, line: commandLine(pipeline, `replay ${run} --plan`) };
  const log: NextStep = { line: commandLine(pipeline, `log ${run}`) };
  switch (status) {
    case 'held':
      return [of('release'), { line: commandLine(pipeline, `report ${run}`) }];
    case 'running':
      return [of('cancel'), of('hold'), log];
    case 'requested':
    case 'queued':
      return [of('cancel'), of('hold')];
    case 'failed':
      return code === 'INPUT_REFUSED' ? [tick(pipeline), log] : [again, log];
    case 'quarantined':
      return [again, plan, log];
    case 'dead-lettered':
    case 'cancelled':
      return [again, log];
    case 'published':
    case 'superseded':
      return [plan];
    default:
      return [];
  }
}

const runNow = (pipeline: string): NextStep => ({
  ...{ verb: 'run', polls: true, line: commandWithReason(pipeline, 'run --force') },
});
const tick = (pipeline: string): NextStep => ({ line: commandLine(pipeline, 'tick'), polls: true });

/** While it is paused, resume is first, whatever became of its newest run. */
export function stepsOfPipeline(standing: Standing): readonly NextStep[] {
  const steps = stepsOfCondition(standing);
  return standing.paused === null ? steps : resumingFirst(steps, standing.pipeline);
}

/** A run that could be made again only by a poll; what is about the run itself stays. */
export const stepsWhilePaused = (steps: readonly NextStep[], pipeline: string): readonly NextStep[] =>
  steps.some(({ polls }) => polls === true) ? resumingFirst(steps, pipeline) : steps;

const resumingFirst = (steps: readonly NextStep[], pipeline: string): readonly NextStep[] => [
  { verb: 'resume', line: commandWithReason(pipeline, 'resume') },
  ...steps.filter(({ polls }) => polls !== true),
];

function stepsOfCondition({ pipeline, condition, run, status, code }: Standing): readonly NextStep[] {
  if (condition === 'paused') return [];
  if (condition === 'never' || condition === 'waiting') return [tick(pipeline)];
  if (condition === 'overdue' || condition === 'stale') return [runNow(pipeline)];
  return run === null || status === null ? [] : stepsOfRun(pipeline, run, status, code);
}

/** The forms as links for those who may send them, and every step as a line to copy. */
export function nextSteps(steps: readonly NextStep[], pipeline: string, view: View): Html {
  if (steps.length === 0) return NOTHING;
  const { words, asked } = view;
  const { names } = view.say(VERB_WORDS);
  const forms = steps.flatMap(({ verb, run }) =>
    verb === undefined || !asked.isOperator
      ? []
      : [view.link(`/p/${pipeline}/commands/new/${verb}`, names[verb], { run })],
  );
  return html`<div class="sub">${forms.map((form) => html`<span>${form}</span>`)}</div>
    <p>${words.inTerminal}</p>
    <pre tabindex="0">${steps.map(({ line }) => line).join('\n')}</pre>`;
}

/** To publish the stored output of a run again, or to go back to what was published before; for those who may. */
export function planLinks({ name, outputs }: Pipeline, run: string, view: View): Html {
  if (!view.asked.isOperator) return NOTHING;
  const { names, rollback } = view.say(VERB_WORDS);
  const of = `/p/${name}/commands/new/plan`;
  const isModelsAlone = outputs.every(({ kind }) => kind === 'model');
  return html`<div class="sub">
    <span>${view.link(of, `${names.plan} (${run})`, { run })}</span>
    ${isModelsAlone ? '' : html`<span>${view.link(of, rollback, { kind: 'rollback' })}</span>`}
  </div>`;
}
