// One dead letter on a page: what it is about, why it was given up, and its message, which is from outside.
import type { ListedDeadLetter } from '../../../shared/dead-letters/list.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import { facts, spoken, type View } from '../view.ts';
import { DEAD_LETTER_WORDS } from '../words/dead-letters.ts';

/** `form`: the form that the box belongs to, with which it is chosen for a command. */
export function deadLetterShown(one: ListedDeadLetter, form: string | undefined, view: View): Html {
  const { labels } = view.words;
  const say = view.say(DEAD_LETTER_WORDS);
  const { id, pipeline, run, deliveries, redrivenTimes, redrivenBy, code, reason, attributes } = one;
  return html`<h3>
      ${
        form === undefined
          ? id
          : html`<label class="choice"
              ><input
                type="checkbox"
                name="letter"
                value="${id}"
                form="${form}"
                aria-label="${say.choose(id)}"
              />
              ${id}</label
            >`
      }
    </h3>
    ${facts([
      pipeline === null
        ? undefined
        : [
            labels.pipeline,
            html`${view.link(`/p/${pipeline}`, pipeline)}
            ${run === null ? '' : view.link(`/p/${pipeline}/runs/${run}`, run)}`,
          ],
      [labels.reason, html`${code ?? ''} ${view.meshText(reason)}`],
      [say.givenUp, view.utc(one.deadLetteredAt)],
      // As an attribute of the message says: it may be anything.
      [
        say.firstPublished,
        Number.isNaN(Date.parse(one.publishedAt)) ? spoken(one.publishedAt) : view.utc(one.publishedAt),
      ],
      deliveries === null ? undefined : [say.deliveries, view.number(deliveries)],
      redrivenTimes === 0
        ? undefined
        : [say.redriven, html`${view.number(redrivenTimes)}×, ${say.redrivenBy} ${spoken(redrivenBy ?? '')}`],
    ])}
    <details>
      <summary>${say.message(view.number(one.sizeBytes))}</summary>
      <pre tabindex="0"><bdi>${one.data}</bdi></pre>
      ${
        attributes.length === 0
          ? ''
          : html`<p>${say.attributes}</p>
              <pre tabindex="0"><bdi>${attributes.join('\n')}</bdi></pre>`
      }
    </details>`;
}
