// The fields of forms that choose what a page shows; what they choose stands in its address.
import { html, NOTHING, type Html } from '../../shared/page/html.ts';
import type { Range } from './reading/range.ts';
import type { View } from './view.ts';
import { SEARCH } from './words/search.ts';

export interface Option {
  readonly value: string;
  readonly text: string;
}

/** `any`: the text of the choice that chooses nothing; undefined: one has to be chosen. */
export const select = (
  name: string,
  label: string,
  options: readonly Option[],
  chosen: string | null,
  any?: string,
): Html =>
  html`<label
    >${label}
    <select name="${name}">
      ${any === undefined ? NOTHING : html`<option value="">${any}</option>`}
      ${options.map(({ value, text }) =>
        value === chosen
          ? html`<option value="${value}" selected>${text}</option>`
          : html`<option value="${value}">${text}</option>`,
      )}
    </select></label
  >`;

export const days = (
  { from, to }: Range,
  view: View,
  names: readonly [string, string] = ['from', 'to'],
): Html =>
  html`${day(names[0], view.say(SEARCH).fromDay, from)} ${day(names[1], view.say(SEARCH).toDay, to)}`;

const day = (name: string, label: string, value: string | null): Html =>
  html`<label>${label} <input type="date" name="${name}" value="${value ?? ''}" /></label>`;

/** A form that reads this page again with what it chooses; a language that was chosen by hand stays chosen. */
export const choosing = (fields: Html, button: string, { asked }: View): Html => {
  const language = asked.query.get('lang');
  return html`<form class="inline" method="get" action="${asked.path}">
    ${language === null ? NOTHING : html`<input type="hidden" name="lang" value="${language}" />`} ${fields}
    <button>${button}</button>
  </form>`;
};
