// Dead letters: the messages that were given up, each with its reason and its content, to publish again or to delete.
import { listOnDeadLetters, type AuditEntry } from '../../../shared/commands/audit.ts';
import type { DeadLetterList, ListedDeadLetter } from '../../../shared/dead-letters/list.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { pageIn, paged, pagesShown } from '../pages.ts';
import { why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { isMissing, Parts, wholeOf, type Part } from '../reading/part.ts';
import { screen } from '../screen.ts';
import type { View } from '../view.ts';
import { DEAD_LETTER_VERBS } from '../verbs.ts';
import { DEAD_LETTER_WORDS } from '../words/dead-letters.ts';
import { SCREENS } from '../words/screens.ts';
import { VERB_WORDS } from '../words/verbs.ts';
import { entriesShown } from './audit.ts';
import { deadLetterShown } from './dead-letter.ts';
import { missingShown } from '../missing.ts';

const A_PAGE = 20;
const LAST = 5;

interface Shown extends Pick<DeadLetterList, 'count' | 'isAll' | 'readAt' | 'deadLetters'> {
  /** Of all pages; `count` also counts what is not listed. */
  readonly listed: number;
  readonly page: number;
  readonly pages: number;
  readonly entries: Part<readonly AuditEntry[]>;
}

async function readShown(asked: Asked, ports: Ports): Promise<Shown> {
  const wanted = pageIn(asked);
  const parts = new Parts(ports);
  const [list, entries] = await Promise.all([
    parts.read('the dead letters', () => ports.deadLetters.read(asked.assertion)).then(wholeOf),
    parts.read('the last commands on dead letters', () => listOnDeadLetters(ports, LAST)),
  ]);
  const { items, page, pages, count: listed } = paged(list.deadLetters, wanted, A_PAGE);
  return { ...list, deadLetters: items, listed, page, pages, entries };
}

/** Read when a person opens it, and never again by itself. */
export const deadLetters = screen<Shown>({
  read: readShown,
  title: (_data, view) => view.say(SCREENS.deadLetters),
  body: (data, view) => {
    const say = view.say(DEAD_LETTER_WORDS);
    const { listed, count, isAll, readAt, entries } = data;
    return html`<p>${say.what}</p>
      <p>${say.readAt} ${view.utc(readAt)}. ${view.link('/dead-letters', say.readAgain)}</p>
      ${count === 0 ? html`<p>${say.none}</p>` : html`<p>${say.listed(view.number(listed), view.number(count))} ${isAll ? '' : say.more}</p>`}
      ${view.asked.isOperator ? '' : html`<p class="notice">${view.words.onlyOperators}</p>`}
      ${[...Map.groupBy(data.deadLetters, ({ subscription }) => subscription)].map(([subscription, own]) => group(subscription, own, view))}
      ${pagesShown(data, { label: view.say(SCREENS.deadLetters), to: '/dead-letters' }, view)}
      ${commandsShown(entries, view)} ${why({ line: 'npm run sluice -- dead-letters list' }, view)}`;
  },
});

function commandsShown(entries: Part<readonly AuditEntry[]>, view: View): Html {
  if (!isMissing(entries) && entries.length === 0) return NOTHING;
  return html`<h2>${view.say(DEAD_LETTER_WORDS).commands}</h2>
    ${isMissing(entries) ? missingShown('commands', entries.problem, view) : entriesShown(entries, undefined, view)}`;
}

/** One command is about the messages of one subscription, so each subscription has a form of its own. */
function group(subscription: string, own: readonly ListedDeadLetter[], view: View): Html {
  const { names } = view.say(VERB_WORDS);
  const { chosen } = view.say(DEAD_LETTER_WORDS);
  const { isOperator, query } = view.asked;
  const form = `choose-${subscription}`;
  const cards = html`<h2>${subscription}</h2>
    <ul class="cards">
      ${own.map((each) => html`<li class="card">${deadLetterShown(each, isOperator ? form : undefined, view)}</li>`)}
    </ul>`;
  if (!isOperator) return cards;
  const lang = query.get('lang');
  return html`${cards}
    <form class="inline" id="${form}" method="get" action="/dead-letters/new/${DEAD_LETTER_VERBS[0]}">
      ${lang === null ? '' : html`<input type="hidden" name="lang" value="${lang}" />`}
      <input type="hidden" name="subscription" value="${subscription}" />
      <span>${chosen}</span>
      ${DEAD_LETTER_VERBS.map((verb) => html`<button formaction="/dead-letters/new/${verb}">${names[verb]}</button> `)}
    </form>`;
}
