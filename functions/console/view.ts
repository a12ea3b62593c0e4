// What a screen is shown with: the reader's language, their time and number formats, and links that keep both.
import { html, type Html } from '../../shared/page/html.ts';
import { LOCALES, type Language, type Translated } from '../../shared/page/languages.ts';
import { timeElement } from '../../shared/page/times.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Asked } from './ports.ts';
import { ENGLISH } from './words/english.ts';
import { FRENCH } from './words/french.ts';
import { inFrench, type Of } from './words/problems/in-french.ts';
import type { Words } from './words/words.ts';

const WORDS: Translated<Words> = { en: ENGLISH, fr: FRENCH };

export const wordsOf = (language: Language): Words => WORDS[language];

export type Params = Readonly<Record<string, string | number | undefined>>;

export interface View {
  readonly asked: Asked;
  /** What many screens say. */
  readonly words: Words;
  /** What one screen says, in the reader's language. */
  readonly say: <Texts>(texts: Translated<Texts>) => Texts;
  /** A path of the console; a language that was chosen by hand stays chosen. */
  readonly path: (to: string, params?: Params) => string;
  readonly link: (to: string, text: string | Html, params?: Params) => Html;
  readonly time: (iso: string | null | undefined, pipeline?: Pipeline) => Html;
  /** Of what belongs to no pipeline, whose zone the page could use. */
  readonly utc: (iso: string) => Html;
  readonly number: (value: number) => string;
  /**
   * A sentence of the mesh, as the record of a run, a log or a refusal has it: in the reader's language where it is known,
   * and whole in English otherwise, as people search for it.
   */
  readonly meshText: (text: string, of?: Of) => Html;
}

const numbers = new Map<Language, Intl.NumberFormat>();

/** Made when it is first used: it takes milliseconds, and the first page of a start may have no number to format. */
function numbersOf(language: Language): Intl.NumberFormat {
  const made =
    numbers.get(language) ?? new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 2 });
  numbers.set(language, made);
  return made;
}

export function viewOf(asked: Asked): View {
  const words = wordsOf(asked.language);
  const path = (to: string, params: Params = {}) =>
    withQuery(to, { lang: asked.query.get('lang') ?? undefined, ...params });
  return {
    asked,
    words,
    say: (texts) => texts[asked.language],
    path,
    link: (to, text, params) => html`<a href="${path(to, params)}">${text}</a>`,
    time: (iso, pipeline) =>
      iso === null || iso === undefined
        ? html`${words.none}`
        : timeElement(iso, pipeline?.timeZone ?? 'UTC', asked.language),
    utc: (iso) => html`${timeElement(iso, 'UTC', asked.language)} UTC`,
    number: (value) => numbersOf(asked.language).format(value),
    meshText: (text, of) => meshTextIn(asked.language, text, of),
  };
}

function meshTextIn(language: Language, text: string, of?: Of): Html {
  const shown = language === 'fr' ? inFrench(text, of) : text;
  return shown === undefined ? html`<bdi lang="en">${text}</bdi>` : spoken(shown);
}

export function withQuery(to: string, params: Params | URLSearchParams): string {
  const query = params instanceof URLSearchParams ? params : new URLSearchParams();
  if (!(params instanceof URLSearchParams))
    for (const [name, value] of Object.entries(params))
      if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? to : `${to}?${text}`;
}

/** A name from outside: what it holds of marks for right-to-left text stays within it. */
export const named = (text: string): Html => html`<bdi>${shortened(text)}</bdi>`;

const LONGEST = 300;
export const shortened = (text: string, longest = LONGEST): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text;

/** What a person wrote: whole, in whichever language. */
export const spoken = (text: string): Html => html`<bdi>${text}</bdi>`;

export const facts = (rows: readonly (readonly [string, string | Html] | undefined)[]): Html =>
  html`<dl>
    ${rows.flatMap((row) =>
      row === undefined
        ? []
        : [
            html`<dt>${row[0]}</dt>
              <dd>${row[1]}</dd>`,
          ],
    )}
  </dl>`;

/** A command to copy into a terminal. */
export const command = (purpose: string, line: string): Html =>
  html`<p>${purpose}</p>
    <pre tabindex="0">${line}</pre>`;
