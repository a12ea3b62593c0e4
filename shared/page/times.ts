// Times as readers see them: in the pipeline's zone, with UTC when the pointer rests on them.
import { html, type Html } from './html.ts';
import { LOCALES, type Language } from './languages.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** A formatter takes milliseconds to make, and a page has hundreds of times. */
function formatOf(language: Language, timeZone: string): Intl.DateTimeFormat {
  const key = `${language} ${timeZone}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  formats.set(key, made);
  return made;
}

export const localTime = (iso: string, timeZone: string, language: Language): string =>
  formatOf(language, timeZone).format(new Date(iso));

/** Reads as the local time; what is no time is shown as it stands. */
export const timeElement = (iso: string, timeZone: string, language: Language): Html => {
  const atMs = Date.parse(iso);
  if (Number.isNaN(atMs)) return html`${iso}`;
  const utc = new Date(atMs).toISOString();
  return html`<time datetime="${utc}" title="${utc.replace('T', ' ').replace(/\.\d+Z$/, '')} UTC"
    >${localTime(utc, timeZone, language)}</time
  >`;
};

const DAYS: Readonly<Record<Language, string>> = { en: 'd', fr: 'j' };

/** `3 min 20 s`: the two largest units; a short one with a tenth of a second, `1.5 s` or `1,5 s`. */
export function durationText(ms: number, language: Language): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${tenths(seconds, language)} s`;
  const whole = Math.round(seconds);
  const [days, hours] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24];
  const [minutes, left] = [Math.floor(whole / 60) % 60, whole % 60];
  if (days > 0) return `${days} ${DAYS[language]} ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${left} s` : `${left} s`;
}

const tenths = (seconds: number, language: Language): string =>
  language === 'fr' ? seconds.toFixed(1).replace('.', ',') : seconds.toFixed(1);
