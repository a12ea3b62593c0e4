// A sentence of a document with its code and values: programs read the code, people its text in their language.
import type { Coded } from '../../../models/heat/documents.ts';
import { LOCALES, type Language, type Translated } from '../../../shared/page/languages.ts';
import { NOTES } from './notes.ts';
import { REASONS } from './reasons.ts';

const TEXTS = { ...REASONS, ...NOTES };
export type Code = keyof typeof TEXTS;

/** The names in braces of a text: `{built}`. */
type Holes<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Holes<Rest>
  : never;
type HolesOf<C extends Code> = Holes<(typeof TEXTS)[C]['en']>;
type Values<C extends Code> = Readonly<Record<HolesOf<C>, string | number>>;

/** With a value for each name in braces of the text. */
export function coded<C extends Code>(
  code: C,
  ...given: [HolesOf<C>] extends [never] ? [] : [Values<C>]
): Coded {
  const values = given[0];
  const text = filled(TEXTS[code].en, values, String);
  return { code, text, ...(values === undefined ? {} : { values }) };
}

/** The text of a code that this version does not know is that of the document. */
export function textIn(language: Language, said: Coded | string): string {
  if (typeof said === 'string') return said;
  const { code, text, values } = said;
  const texts = Object.hasOwn(TEXTS, code) ? (TEXTS[code as Code] as Translated<string>) : undefined;
  if (texts === undefined || language === 'en') return text;
  const numbers = new Intl.NumberFormat(LOCALES[language]);
  return filled(texts[language], values, (value) =>
    typeof value === 'number' ? numbers.format(value) : value,
  );
}

const filled = (
  text: string,
  values: Coded['values'] = {},
  shown: (value: string | number) => string,
): string => text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => shown(values[name] ?? hole));
