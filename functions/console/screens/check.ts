// The check of a publication, as a part of a page.
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { why } from '../parts.ts';
import type { Check } from '../reading/check.ts';
import { facts, type View } from '../view.ts';
import { CHECK } from '../words/check.ts';

export function checkShown(check: Check, pipeline: Pipeline, view: View): Html {
  const words = view.say(CHECK);
  const { outputs, unchecked, isRecorded, isNumbered, isRight, at } = check;
  const recorded = isRecorded ? words.isRecorded : words.isNotRecorded;
  return html`<h2>${words.title}</h2>
    <p><strong class="${isRight ? 'good' : 'bad'}">${isRight ? words.right : words.wrong}</strong></p>
    ${facts([
      [words.at, view.time(at, pipeline)],
      ...outputs.map(({ object, stored }): [string, Html] => [
        words.outputs,
        html`<code>${object}</code>: ${words.stored[stored]}`,
      ]),
      [words.recorded, isRecorded === null ? words.notKept : recorded],
      [words.numbering, isNumbered ? words.isNumbered : words.isNotNumbered],
    ])}
    <p>${unchecked === 0 ? NOTHING : words.unchecked(unchecked)} ${words.rows}</p>
    ${why({ objects: outputs.map(({ object, generation }) => `${object}#${generation}`), line: `npm run sluice -- verify ${pipeline.name}` }, view)}`;
}
