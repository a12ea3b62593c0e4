// Dollars as the reader's language writes them: small ones with the digits that tell them apart.
import { LOCALES, type Language } from '../../shared/page/languages.ts';

const LEAST_DIGITS = 2;
/** A run costs a hundredth of a cent at least. */
const MOST_DIGITS = 4;

const formats = new Map<Language, Intl.NumberFormat>();

function formatOf(language: Language): Intl.NumberFormat {
  const known = formats.get(language);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(LOCALES[language], {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: LEAST_DIGITS,
    maximumFractionDigits: MOST_DIGITS,
  });
  formats.set(language, made);
  return made;
}

export const dollars = (amount: number, language: Language): string => formatOf(language).format(amount);
