// The form that publishes dead letters again or deletes them: the chosen messages as they were read, and a reason.
import { listOnDeadLetters, OF_DEAD_LETTERS, type AuditEntry } from '../../../shared/commands/audit.ts';
import { MOST_DEAD_LETTERS } from '../../../shared/commands/command.ts';
import type { ListedDeadLetter } from '../../../shared/dead-letters/list.ts';
import { isSubscription } from '../../../shared/functions/subscriptions.ts';
import { html } from '../../../shared/page/html.ts';
import { effectShown, formShown, givenIn, newIdOf, requireOperator } from '../forms/form.ts';
import { lastCommand, sendForm } from '../forms/send.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { nameOf } from '../reading/seen.ts';
import { screen } from '../screen.ts';
import { DEAD_LETTER_VERBS, isAboutDeadLetters, type DeadLetterVerb } from '../verbs.ts';
import { DEAD_LETTER_WORDS } from '../words/dead-letters.ts';
import { SCREENS } from '../words/screens.ts';
import { VERB_WORDS } from '../words/verbs.ts';
import { deadLetterShown } from './dead-letter.ts';
import { recordPath } from './one-command.ts';

const SCREEN = { name: '/dead-letters', path: '/dead-letters' };
/** Among which the commands on the same messages are looked for. */
const COMMANDS = 50;

interface Subject {
  readonly verb: DeadLetterVerb;
  readonly subscription: string;
  readonly ids: readonly string[];
}

interface Form extends Subject {
  readonly id: string;
  readonly seen: string;
  readonly deadLetters: readonly ListedDeadLetter[];
}

/** Named by the address or the form, and checked before anything is read. */
function subjectIn(asked: Asked): Subject {
  const verb = asked.params['verb'] ?? '';
  if (!isAboutDeadLetters(verb))
    throw new PageProblem('not-found', `command ${verb}`, [
      SCREEN,
      ...DEAD_LETTER_VERBS.map((each) => ({ name: each, path: `/dead-letters/new/${each}` })),
    ]);
  requireOperator(asked, SCREEN);
  const subscription = givenIn(asked, 'subscription') ?? '';
  const sent = asked.form.getAll('letter');
  const ids = [...new Set(sent.length > 0 ? sent : asked.query.getAll('letter'))];
  if (!isSubscription(subscription) || ids.length === 0 || ids.length > MOST_DEAD_LETTERS)
    throw new PageProblem(
      'invalid',
      `choose 1 to ${MOST_DEAD_LETTERS} dead letters of one subscription; ${ids.length} are chosen`,
      [SCREEN],
    );
  return { verb, subscription, ids };
}

/** The commands that were sent about these messages: a new one means that another person acted meanwhile. */
async function commandsOn({ ids }: Subject, ports: Ports): Promise<readonly AuditEntry[]> {
  const entries = await listOnDeadLetters(ports, COMMANDS);
  return entries.filter(
    ({ command }) => 'deadLetters' in command && command.deadLetters.some((each) => ids.includes(each)),
  );
}

const seenOf = (entries: readonly AuditEntry[]): string =>
  nameOf(['dead letters', ...entries.map(({ command }) => command.id)]);

export const newDeadLetterCommand = screen<Form>({
  async read(asked, ports) {
    const subject = subjectIn(asked);
    // Before they are read: a command in between makes the form stale, never unnoticed.
    const seen = seenOf(await commandsOn(subject, ports));
    const { deadLetters } = await ports.deadLetters.read(asked.assertion);
    const chosen = deadLetters.filter(
      ({ id, subscription }) => subscription === subject.subscription && subject.ids.includes(id),
    );
    const missing = subject.ids.filter((id) => !chosen.some((each) => each.id === id));
    if (missing.length > 0)
      throw new PageProblem(
        'not-found',
        `dead letter ${missing.join(', ').slice(0, 300)} of ${subject.subscription}: handled before, or not among those that were read`,
        [SCREEN],
      );
    return { ...subject, id: newIdOf(ports), seen, deadLetters: chosen };
  },
  title: ({ verb, ids }, view) =>
    `${view.say(VERB_WORDS).names[verb]}${view.words.colon}${view.say(DEAD_LETTER_WORDS).count(view.number(ids.length), ids.length === 1, true)}`,
  body: ({ verb, subscription, ids, id, seen, deadLetters }, view) =>
    html`${effectShown(verb, view)}
      ${formShown({ verb, id, seen, fields: [['subscription', subscription], ...ids.map((each) => ['letter', each] as const)] }, view)}
      <h2>${view.say(DEAD_LETTER_WORDS).subscription}${view.words.colon}${subscription}</h2>
      <ul class="cards">
        ${deadLetters.map((each) => html`<li class="card">${deadLetterShown(each, undefined, view)}</li>`)}
      </ul>
      <p>${view.words.inTerminal}</p>
      <pre tabindex="0">npm run sluice -- dead-letters ${verb} ${ids.join(' ')} --reason "${'<why>'}"</pre>`,
});

export async function sendDeadLetterCommand(asked: Asked, ports: Ports): Promise<string> {
  const subject = subjectIn(asked);
  const { verb, subscription, ids } = subject;
  const entry = await sendForm(asked, ports, {
    folder: OF_DEAD_LETTERS,
    records: undefined,
    again: { ...SCREEN, name: SCREENS.deadLetters[asked.language] },
    subject: async () => ({
      seen: seenOf(await commandsOn(subject, ports)),
      draft: { verb, subscription, deadLetters: ids },
    }),
    since: async () => lastCommand((await commandsOn(subject, ports))[0]),
    // Also where the answer was lost: it may have taken them away.
  }).finally(() => ports.deadLetters.forget());
  return recordPath(entry.command);
}
