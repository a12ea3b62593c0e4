// The commands that a form of this console sends; the others take choices that only a terminal offers.

export const PIPELINE_VERBS = ['pause', 'resume', 'run'] as const;
export const RUN_VERBS = ['cancel', 'hold', 'release'] as const;
export const VERBS = [...PIPELINE_VERBS, ...RUN_VERBS] as const;
export type Verb = (typeof VERBS)[number];

export const isAboutRun = (verb: Verb): verb is (typeof RUN_VERBS)[number] =>
  RUN_VERBS.some((each) => each === verb);
