// The languages that pages and reports are written in, and which one a reader asks for.

export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

export const isLanguage = (text: string | null | undefined): text is Language =>
  LANGUAGES.some((language) => language === text);

/** The same in each language; what one screen or report says stands in one such object. */
export type Translated<Texts> = Readonly<Record<Language, Texts>>;

/** How dates and numbers are written. */
export const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };

const LONGEST_HEADER = 500;

/** The reader's first choice among ours, by the header `Accept-Language`; English where there is none. */
export function languageOf(accepted: string | undefined): Language {
  const wanted = (accepted ?? '')
    .slice(0, LONGEST_HEADER)
    .split(',')
    .map((part, at) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.map((each) => /^\s*q=([\d.]+)\s*$/.exec(each)?.[1]).find(Boolean);
      return { language: tag.split('-')[0], weight: Number(weight ?? 1), at };
    })
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight || one.at - other.at);
  return wanted.map(({ language }) => language).find(isLanguage) ?? 'en';
}
