// The languages that the report is written in, and the name of its file in each.
import { english, type Messages } from './english.ts';
import { french } from './french.ts';

export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

const MESSAGES: Readonly<Record<Language, Messages>> = { en: english, fr: french };

/** English has the name that the report had when it was the only language. */
export const reportFile = (language: Language): string =>
  language === 'en' ? 'report.html' : `report.${language}.html`;

export const messagesIn = (language: Language): Messages => MESSAGES[language];
