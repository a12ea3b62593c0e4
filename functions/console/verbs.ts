// The commands that a form of this console sends, by what they are about.

export const PIPELINE_VERBS = ['pause', 'resume', 'run'] as const;
export const RUN_VERBS = ['cancel', 'hold', 'release'] as const;
export const MODEL_VERBS = ['pin', 'unpin', 'rollback'] as const;
export const DEAD_LETTER_VERBS = ['redrive', 'drop'] as const;
/** Those whose form stands under the pipeline; that of `replay` is the page of its plan. */
export const VERBS = [...PIPELINE_VERBS, ...RUN_VERBS, 'plan', ...MODEL_VERBS] as const;
export type PipelineFormVerb = (typeof VERBS)[number];
export type DeadLetterVerb = (typeof DEAD_LETTER_VERBS)[number];
export type Verb = PipelineFormVerb | DeadLetterVerb | 'replay';

const among =
  <Each extends string>(verbs: readonly Each[]) =>
  (text: string): text is Each =>
    verbs.some((each) => each === text);

export const isFormVerb = among(VERBS);
export const isAboutRun = among(RUN_VERBS);
export const isAboutModels = among(MODEL_VERBS);
export const isAboutDeadLetters = among(DEAD_LETTER_VERBS);
