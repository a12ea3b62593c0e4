// The pages of a list whose length is known: the page that the address names, and the links to those beside it.
import { html, NOTHING, type Html } from '../../shared/page/html.ts';
import { PageProblem } from './problem.ts';
import type { Asked } from './ports.ts';
import type { Params, View } from './view.ts';

export interface Paged<Item> {
  readonly items: readonly Item[];
  readonly page: number;
  readonly pages: number;
  /** Of all pages. */
  readonly count: number;
}

const PAGE = /^[1-9]\d{0,4}$/;

/** From 1 on. `name` tells the lists of one screen apart. */
export function pageIn({ query }: Pick<Asked, 'query'>, name: string): number {
  const text = query.get(name) ?? '1';
  if (PAGE.test(text)) return Number(text);
  throw new PageProblem('invalid', `${name}=${text.slice(0, 50)}: a whole number from 1 on`);
}

/** A page behind the last one is empty, and links back. */
export const paged = <Item>(all: readonly Item[], page: number, size: number): Paged<Item> => ({
  items: all.slice((page - 1) * size, page * size),
  page,
  pages: Math.max(1, Math.ceil(all.length / size)),
  count: all.length,
});

/** `kept`: what the address says besides, such as the filters. */
export function pagesShown(
  { page, pages }: Pick<Paged<unknown>, 'page' | 'pages'>,
  { name, label, to, kept = {} }: PageLinks,
  view: View,
): Html {
  if (pages === 1 && page === 1) return NOTHING;
  const linkTo = (each: number, text: string) => view.link(to, text, { ...kept, [name]: each });
  return html`<nav class="pager" aria-label="${label}">
    <span>${page} / ${pages}</span>
    ${page > 1 ? linkTo(Math.min(page - 1, pages), view.words.previousPage) : ''}
    ${page < pages ? linkTo(page + 1, view.words.nextPage) : ''}
  </nav>`;
}

export interface PageLinks {
  readonly name: string;
  /** What the list is, for those who hear the page. */
  readonly label: string;
  readonly to: string;
  readonly kept?: Params;
}
