// A reason as the terminal shows it: its times in the pipeline's zone, and the commands that it suggests apart, to be copied.
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { timeWithZone } from './times.ts';

/** A command that a reason suggests, as shared/command-line.ts writes it. */
export interface Suggestion {
  /** `To publish it`. */
  readonly purpose: string;
  readonly words: readonly string[];
  readonly pipeline: string;
}

export interface Message {
  /** Without the suggestions. */
  readonly text: string;
  readonly suggestions: readonly Suggestion[];
}

const INSTANT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;
// Words that a shell takes as they are, and nothing else: a reason may quote the name of a file.
const SUGGESTION =
  /\s*\b(To [a-z ]+): npm run sluice -- ([\w.-]+(?: [\w.-]+)*?) --pipeline ([\w-]+)( --reason "<why>")?(?:\.(?=\s|$))?/g;

export function messageIn(reason: string): Message {
  const suggestions = [...reason.matchAll(SUGGESTION)].map(
    ([, purpose = '', words = '', name = '', why]): Suggestion => ({
      purpose,
      words: [...words.split(' '), ...(why === undefined ? [] : ['--reason', '<why>'])],
      pipeline: name,
    }),
  );
  return { text: reason.replaceAll(SUGGESTION, '').trim(), suggestions };
}

/** A reason without what it suggests: that was done since, or is not the next step. */
export const plainMessage = (reason: string, pipeline: Pipeline): string =>
  withLocalTimes(messageIn(reason).text, pipeline);

export const withLocalTimes = (text: string, pipeline: Pipeline): string =>
  text.replaceAll(INSTANT, (at) => timeWithZone(pipeline, at));
