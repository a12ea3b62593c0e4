// The languages that reports are written in, and the name of a report's file in each.

export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** English has the name that the report had when it was the only language. */
export const reportFile = (language: Language): string =>
  language === 'en' ? 'report.html' : `report.${language}.html`;
