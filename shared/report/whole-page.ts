// The frame of every report: a page of HTML that needs nothing but itself. Nothing is fetched.
import { Html, html } from '../page/html.ts';
import type { Language } from '../page/languages.ts';
import { policyOf, STYLE_ELEMENT, type Inlined } from './style.ts';

export interface WholePage extends Inlined {
  readonly language: Language;
  readonly title: string;
  /** From the heading on. */
  readonly main: Html;
}

/** Allows the styles and scripts that are named here, and no others. The same input, the same bytes. */
export const wholePage = ({ language, title, main, ...inlined }: WholePage): string =>
  html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policyOf(inlined)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${STYLE_ELEMENT}${elements('style', inlined.styles)}
      </head>
      <body>
        <main>${main}</main>
        ${elements('script', inlined.scripts)}
      </body>
    </html> `.markup;

/** The policy names each text by its hash: a space more in it, and it is another. */
const elements = (name: 'style' | 'script', texts: readonly string[] = []): readonly Html[] =>
  texts.map((text) => new Html(`<${name}>${text}</${name}>`));
