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

/** `3 min 20 s`: the two largest units. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [days, hours] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24];
  const [minutes, left] = [Math.floor(whole / 60) % 60, whole % 60];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${left} s` : `${left} s`;
}
