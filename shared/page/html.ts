// Text that is safe in a page: everything put into a template is escaped, unless it was made by one.

/** Markup that may stand in a page as it is. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Part = Html | string | number | readonly Part[];

/** `html\`<b>${mall}</b>\`` escapes the mall's name; lists are joined without anything between. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.reduce((page, string, index) => page + markupOf(parts[index - 1] ?? '') + string));

/** Nothing, where a part of a page is left out. */
export const NOTHING = new Html('');

const markupOf = (part: Part): string => {
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(markupOf).join('');
  return escape(String(part));
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (found) => ENTITIES[found] ?? '');
