// Says on a page which part of it could not be read, why, and what to do next.
import { html, type Html } from '../../shared/page/html.ts';
import { sentence } from '../../shared/sentence.ts';
import type { PartProblem } from './reading/part.ts';
import { shortened, type View } from './view.ts';
import { MISSING, NEXT_STEPS, type PartName } from './words/missing.ts';

const LONGEST_REASON = 1_000;

export function missingShown(part: PartName, { code, reason }: PartProblem, view: View): Html {
  const { unread, instead, next } = view.say(MISSING);
  return html`<p class="notice">
    ${unread[part]} (${code})${view.words.colon}${view.meshText(shortened(sentence(reason), LONGEST_REASON))}
    ${instead[part] ?? ''} ${next[NEXT_STEPS[code] ?? 'lookUp']}
  </p>`;
}
