// Dead letters: the messages that were given up, each with its reason and its content, to publish again or to delete.
import { listOnDeadLetters, type AuditEntry } from '../../../shared/commands/audit.ts';
import type { DeadLetterList, ListedDeadLetter } from '../../../shared/dead-letters/list.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { why } from '../parts.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { screen } from '../screen.ts';
import type { View } from '../view.ts';
import { DEAD_LETTER_VERBS } from '../verbs.ts';
import { DEAD_LETTER_WORDS } from '../words/dead-letters.ts';
import { SCREENS } from '../words/screens.ts';
import { VERB_WORDS } from '../words/verbs.ts';
import { entriesShown } from './audit.ts';
import { deadLetterShown } from './dead-letter.ts';

const A_PAGE = 20;
const LAST = 5;

interface Shown extends Pick<DeadLetterList, 'count' | 'isAll' | 'readAt' | 'deadLetters'> {
  readonly listed: number;
  readonly page: number;
  readonly pages: number;
  readonly entries: readonly AuditEntry[];
}

async function readShown(asked: Asked, ports: Ports): Promise<Shown> {
  const text = asked.query.get('page') ?? '1';
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new PageProblem('invalid', `page=${text.slice(0, 50)}: a whole number from 1 on`);
  const page = Number(text);
  const [list, entries] = await Promise.all([
    ports.deadLetters.read(asked.assertion),
    listOnDeadLetters(ports, LAST),
  ]);
  const { deadLetters } = list;
  return {
    ...list,
    deadLetters: deadLetters.slice((page - 1) * A_PAGE, page * A_PAGE),
    listed: deadLetters.length,
    page,
    pages: Math.max(1, Math.ceil(deadLetters.length / A_PAGE)),
    entries,
  };
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
      ${pager(data, view)}
      ${
        entries.length === 0
          ? ''
          : html`<h2>${say.commands}</h2>
              ${entriesShown(entries, undefined, view)}`
      }
      ${why({ line: 'npm run sluice -- dead-letters list' }, view)}`;
  },
});

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

function pager({ page, pages }: Shown, view: View): Html {
  const { previousPage, nextPage } = view.words;
  if (pages === 1) return NOTHING;
  return html`<nav class="pager" aria-label="${view.say(SCREENS.deadLetters)}">
    <span>${page} / ${pages}</span>
    ${page > 1 ? view.link('/dead-letters', previousPage, { page: page - 1 }) : ''}
    ${page < pages ? view.link('/dead-letters', nextPage, { page: page + 1 }) : ''}
  </nav>`;
}
