// The name of a report's file in each language.
import type { Language } from '../page/languages.ts';

/** English has the name that the report had when it was the only language. */
export const reportFile = (language: Language): string =>
  language === 'en' ? 'report.html' : `report.${language}.html`;
