// The texts of the report, by its language.
import type { Language } from '../../../../shared/page/languages.ts';
import { english } from './english.ts';
import { french } from './french.ts';
import type { Messages } from './texts.ts';

const MESSAGES: Readonly<Record<Language, Messages>> = { en: english, fr: french };

export const messagesIn = (language: Language): Messages => MESSAGES[language];
