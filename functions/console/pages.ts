// The pages of a list whose length is known: the page that the address names, and the links to those beside it.
import { html, NOTHING, type Html } from '../../shared/page/html.ts';
import type { Asked } from './ports.ts';
import { numberIn } from './reading/range.ts';
import type { Params, View } from './view.ts';

export interface Paged<Item> {
  readonly items: readonly Item[];
  readonly page: number;
  readonly pages: number;
  /** Of all pages. */
  readonly count: number;
}

/** From 1 on. `name` tells the lists of one screen apart. */
export const pageIn = (asked: Pick<Asked, 'query'>, name = 'page'): number => numberIn(asked, name, 1);

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
  { name = 'page', label, to, kept = {}, anchor }: PageLinks,
  view: View,
): Html {
  if (pages === 1 && page === 1) return NOTHING;
  const linkTo = (each: number, text: string) =>
    html`<a href="${view.path(to, { ...kept, [name]: each })}${anchor ?? ''}">${text}</a>`;
  return html`<nav class="pager" aria-label="${label}">
    <span>${page} / ${pages}</span>
    ${page > 1 ? linkTo(Math.min(page - 1, pages), view.words.previousPage) : ''}
    ${page < pages ? linkTo(page + 1, view.words.nextPage) : ''}
  </nav>`;
}

export interface PageLinks {
  readonly name?: string;
  /** What the list is, for those who hear the page. */
  readonly label: string;
  readonly to: string;
  readonly kept?: Params;
  /** `#sites`: where the list begins on a page that has more. */
  readonly anchor?: `#${string}`;
}
