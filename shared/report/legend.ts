// A legend in HTML, above its charts: it wraps wherever the page does, which a drawn one cannot.
import { html, type Html } from '../page/html.ts';

/** `shape` and colour are the style sheet's. */
export interface Key {
  readonly name: string;
  readonly shape:
    | ('actual' | 'model' | 'lastWeek' | 'meanOfFour' | 'lastYear')
    | ('below' | 'above' | 'band' | 'dot' | 'last');
}

/** `title` says what all the charts below show, where their own titles do not. */
export const legend = (keys: readonly Key[], title = ''): Html =>
  html`<p class="legend">
    ${title === '' ? '' : html`<span class="key">${title}</span>`}
    ${keys.map(({ name, shape }) => html`<span class="key ${shape}">${name}</span> `)}
  </p> `;
