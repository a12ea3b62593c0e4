// One number to see at once, with what to compare it with.
import { html, type Html } from '../page/html.ts';

/** Tiles stand in a `<div class="tiles">`. */
export const tile = (name: string, value: string, beside: string): Html =>
  html`<div class="tile"><span>${name}</span><b>${value}</b><small>${beside}</small></div>`;
