// Sends requests to the allowed hosts: follows redirects only to them, and repeats what may be repeated with growing pauses.
import { PermanentError, TransientError, messageOf } from '../../../../shared/errors.ts';
import { quoted, UnusableFile } from '../../formats/unusable.ts';
import { allowedUrl, type Places } from '../places.ts';
import type { Answer, Call, Http, Outcome } from './http.ts';

/** What the public services ask for: a name of their own for each program. */
export const USER_AGENT = 'sluice-heat/1 (urban heat maps; one request at a time)';

export interface Sending {
  readonly http: Http;
  readonly places: Places;
  readonly wait: (ms: number) => Promise<void>;
  readonly info: (text: string) => void;
}

/** A request to one service. */
export interface Request extends Omit<Call, 'url'> {
  readonly url: URL | string;
  /** How refusals call what is asked for. */
  readonly file: string;
}

const MOST_REDIRECTS = 3;
const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 120_000;
/** Of a service that does not say how long: Overpass asks for 30 s. */
const LIMITED_PAUSE_MS = 30_000;
const TOO_MANY = 429;
const MAY_PASS = new Set([408, TOO_MANY, 500, 502, 503, 504]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Of another host, no key is sent. */
const KEYS = new Set(['private-token', 'authorization']);

/** Once, with the redirects of a GET. */
export async function sendOnce({ http, places }: Sending, request: Request): Promise<Outcome> {
  const { file, url: first, ...call } = request;
  let url = allowedUrl(String(first), new URL(places.cds), places, file);
  const { origin } = url;
  for (let hop = 0; ; hop++) {
    const headers = { 'user-agent': USER_AGENT, ...call.headers };
    const sent = url.origin === origin ? headers : withoutKeys(headers);
    const outcome = await http({ ...call, url, headers: sent });
    if (outcome.kind === 'too-large') throw tooLarge(file, url, call.mostBytes);
    if (outcome.kind !== 'answered' || !REDIRECTS.has(outcome.answer.status)) return outcome;
    const location = outcome.answer.header('location');
    if (call.method !== 'GET' || location === undefined || hop >= MOST_REDIRECTS)
      throw new UnusableFile({
        file,
        place: url.host,
        found: `a redirect (${outcome.answer.status})`,
        expected: `an answer to ${call.method}, after at most ${MOST_REDIRECTS} redirects of a GET`,
      });
    url = allowedUrl(location, url, places, file);
  }
}

/**
 * For requests that change nothing. Answers with a status that another try would not change; throws `TransientError`
 * when the tries are used up.
 */
export async function sendRepeatedly(
  sending: Sending,
  request: Request,
  fits: (answer: Answer) => string | undefined = () => undefined,
): Promise<Answer> {
  let last = '';
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const outcome = await sendOnce(sending, request);
    if (outcome.kind === 'answered' && !MAY_PASS.has(outcome.answer.status)) {
      const wrong = fits(outcome.answer);
      if (wrong === undefined) return outcome.answer;
      last = wrong;
    } else last = reasonOf(outcome);
    if (attempt === MOST_TRIES) break;
    const pause = pauseAfter(outcome, attempt);
    sending.info(`${request.file}: ${last}; asks again in ${Math.round(pause / 1000)} s`);
    await sending.wait(pause);
  }
  throw new TransientError(`${request.file}: ${last}, ${MOST_TRIES} times; the next attempt asks again`);
}

/**
 * The service says no: to this input (`UnusableFile`), or to this deployment (`PermanentError`). `advice` says what a
 * person checks where the service does not accept the caller.
 */
export function refusalBy(
  service: string,
  file: string,
  answer: Answer,
  expected: string,
  advice = `No key is sent to ${service}: check the setting with its address`,
): Error {
  const said = `${service} answered ${answer.status}: ${quoted(reasonIn(answer))}`;
  if (answer.status === 401 || answer.status === 403)
    return new PermanentError(`${file}: ${said}. ${advice}`);
  return new UnusableFile({ file, found: said, expected });
}

/** The words of an error: of the JSON of OGC, or of a page. */
function reasonIn({ body }: Answer): string {
  const text = body.toString('utf8', 0, 10_000);
  const markup = text.replaceAll(/<style.*?<\/style>|<[^>]*>/gs, ' ');
  try {
    const { title, detail, message } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const words = [title, detail, message].filter((each) => typeof each === 'string');
    return words.length === 0 ? text : words.join(': ');
  } catch {
    return markup;
  }
}

const withoutKeys = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !KEYS.has(name.toLowerCase())));

export const reasonOf = (outcome: Outcome): string => {
  if (outcome.kind === 'answered') return `the service answered ${outcome.answer.status}`;
  if (outcome.kind === 'too-large') return 'the answer is too large';
  return `${outcome.kind === 'not-sent' ? 'no connection' : 'the answer was lost'} (${messageOf(outcome.cause)})`;
};

function pauseAfter(outcome: Outcome, attempt: number): number {
  const growing = FIRST_PAUSE_MS * 2 ** (attempt - 1);
  if (outcome.kind !== 'answered') return growing;
  const least = askedPauseMs(outcome.answer) ?? (outcome.answer.status === TOO_MANY ? LIMITED_PAUSE_MS : 0);
  return Math.min(Math.max(growing, least), LONGEST_PAUSE_MS);
}

/** What `Retry-After` asks for in seconds. A date is not read: then the usual pauses are long enough. */
export const askedPauseMs = ({ header }: Answer): number | undefined => {
  const asked = header('retry-after') ?? '';
  return /^\d{1,6}$/.test(asked) ? Number(asked) * 1000 : undefined;
};

const tooLarge = (file: string, { host }: URL, most: number): UnusableFile =>
  new UnusableFile({ file, place: host, found: 'a longer answer', expected: `at most ${most} bytes` });
