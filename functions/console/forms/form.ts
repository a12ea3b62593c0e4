// The form of a command: what it will do and whether it may be too late, its fields, and the button; the same on every screen.
import { LONGEST_REASON, commandIdOf } from '../../../shared/commands/command.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import { PageProblem, type Choice } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import type { Verb } from '../verbs.ts';
import type { View } from '../view.ts';
import { VERB_WORDS } from '../words/verbs.ts';

/** A field that the form carries along. */
export type Field = readonly [name: string, value: string];

export interface FormShown {
  readonly verb: Verb;
  readonly id: string;
  readonly seen: string;
  readonly fields: readonly Field[];
  /** To begin with; the person may change it. */
  readonly reason?: string;
  /** Fields to choose from. */
  readonly choices?: Html;
}

export const newIdOf = ({ now, newId }: Pick<Ports, 'now' | 'newId'>): string =>
  commandIdOf(now(), newId().replaceAll('-', '').slice(0, 12));

/** A field of the form that was sent, or of the address of a form that is shown. */
export const givenIn = ({ form, query }: Asked, name: string): string | undefined =>
  form.get(name) ?? query.get(name) ?? undefined;

/** Before anything is read: 403 that names the setting. */
export function requireOperator({ isOperator, person }: Asked, instead: Choice): void {
  if (isOperator) return;
  throw new PageProblem(
    'forbidden',
    `${person.email} may read; only the people of sluice:consoleOperators may send commands`,
    [instead],
  );
}

export const effectShown = (verb: Verb, view: View): Html => {
  const { effects, late } = view.say(VERB_WORDS);
  return html`<p>${effects[verb]}</p>
    <p>${late[verb]}</p>`;
};

export function formShown({ verb, id, seen, fields, reason = '', choices }: FormShown, view: View): Html {
  const words = view.say(VERB_WORDS);
  const carried: readonly Field[] = [['id', id], ['seen', seen], ...fields];
  return html`<form method="post" action="${view.path(view.asked.path)}">
    ${carried.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    ${choices ?? ''}
    <label
      >${words.reasonLabel}
      <textarea name="reason" required maxlength="${LONGEST_REASON}" aria-describedby="hint">
${reason}</textarea>
    </label>
    <p id="hint">${words.reasonHint} ${words.formExpires}</p>
    <button>${verb === 'replay' ? words.names.replay : words.send}</button>
  </form>`;
}
