// Serves the console: who asks, which screen, in which language and form; forms only from its own pages.
import { verifyAssertion, ASSERTION, type AssertionPorts } from '../../shared/access/assertion.ts';
import { codeOf, messageOf } from '../../shared/errors.ts';
import type { BytesAnswer, WholeCall } from '../../shared/http/call.ts';
import { routerOf } from '../../shared/http/router.ts';
import { isLanguage, languageOf } from '../../shared/page/languages.ts';
import { answerWith, etagOf, HTML, isKnown, JSON_TYPE, seeOther, unchanged } from './answers.ts';
import { assetAt, LOOK } from './assets.ts';
import { dispositionOf, versionOfContent, type PageFile } from './file.ts';
import { page, problemPage } from './frame.ts';
import { plainJson, problemJson } from './json.ts';
import { isOwnForm } from './policy.ts';
import type { Asked, Ports } from './ports.ts';
import { isAboutPerson, PageProblem, STATUS } from './problem.ts';
import { within } from './reading/part.ts';
import type { Depth } from './reading/pipelines.ts';
import { ROUTES, type Route, type ScreenRoute } from './routes.ts';
import { viewOf, withQuery } from './view.ts';

/** A reason of 500 characters of any script, percent-encoded, and room. */
export const MOST_BODY_BYTES = 16_000;
/** A screen that depends on the time of day is made anew after so long, even if nothing was written. */
const LONGEST_UNCHANGED_MS = 5 * 60_000;

/** Whatever is silent: a page that lacks what it is about says so by then. */
const LONGEST_PAGE_MS = 60_000;
/** One or two reads of a bucket; without it, a page is read whole. */
const LONGEST_VERSION_MS = 5_000;

const match = routerOf<Route>(ROUTES);

/** Never rejects. */
export const serve =
  (ports: Ports, assertions: AssertionPorts) =>
  async (call: WholeCall): Promise<BytesAnswer> => {
    const { path, wantsJson } = pathOf(call);
    const asked = unknownPerson(call, path);
    try {
      return await handle(call, { path, wantsJson }, asked, { ports, assertions });
    } catch (error) {
      return refused(call, problemOf(error, call, ports), asked, wantsJson);
    }
  };

interface Wanted {
  readonly path: string;
  readonly wantsJson: boolean;
}

/** `/p/carmila.json` is `/p/carmila` as JSON, and `/index.json` is `/`. */
function pathOf({ path, headers }: WholeCall): Wanted {
  const plain = path.replace(/(?:\/index)?\.json$/, '');
  if (plain !== path) return { path: plain === '' ? '/' : plain, wantsJson: true };
  const accepted = headers.accept ?? '';
  return { path, wantsJson: /\bapplication\/json\b/.test(accepted) && !/\btext\/html\b/.test(accepted) };
}

/**
 * No screen has a longer address; one that is longer is not shown again in the links of its refusal. Neither is one that
 * begins with two slashes, of whatever kind: as a link, it would lead to another host.
 */
const LINKABLE_PATH = /^\/(?![/\\])[^\\]{0,499}$/;

/** What a call says before it is known whose it is: enough to refuse it in its language. */
function unknownPerson({ query: text, headers }: WholeCall, path: string): Asked {
  const query = new URLSearchParams(text);
  const chosen = query.get('lang');
  // Every link keeps what is chosen.
  if (!isLanguage(chosen)) query.delete('lang');
  return {
    person: { email: '', subject: '' },
    assertion: '',
    isOperator: false,
    language: isLanguage(chosen) ? chosen : languageOf(headers['accept-language']),
    path: LINKABLE_PATH.test(path) ? path : '/',
    params: {},
    query,
    form: new URLSearchParams(),
  };
}

interface Parts {
  readonly ports: Ports;
  readonly assertions: AssertionPorts;
}

async function handle(call: WholeCall, wanted: Wanted, asked: Asked, parts: Parts): Promise<BytesAnswer> {
  const { ports, assertions } = parts;
  const verified = await verifyAssertion(call.distinct[ASSERTION] ?? [], assertions);
  if (verified.kind === 'refused') {
    ports.log.debug({ why: verified.why }, 'a call was refused: no valid assertion');
    throw new PageProblem(
      'signed-out',
      verified.isExpired ? 'the assertion has expired' : 'no valid assertion',
    );
  }
  const { person, assertion } = verified;
  const asset = call.method === 'GET' || call.method === 'HEAD' ? assetAt(call.path) : undefined;
  if (asset !== undefined)
    return answerWith(call, {
      ...{ status: 200, type: asset.type, text: asset.text },
      headers: { 'cache-control': 'private, max-age=31536000, immutable' },
    });
  const { route, params } = routeOf(call.method, wanted.path);
  const isOperator = ports.operators.includes(person.email);
  const known: Asked = { ...asked, person, assertion, isOperator, params };
  if ('file' in route) return filed(call, await route.file(known, ports));
  return route.send === undefined
    ? within(LONGEST_PAGE_MS, ports, shown(call, route, known, wanted, ports))
    : sent(call, route.send, known, ports);
}

function routeOf(method: string, path: string) {
  const found = match(method, path);
  if (found.kind === 'route') return found;
  throw new PageProblem('not-found', `${method.slice(0, 10)} ${path.slice(0, 200)}`, [
    { name: '/', path: '/' },
  ]);
}

async function shown(
  call: WholeCall,
  { screen }: ScreenRoute,
  asked: Asked,
  { wantsJson }: Wanted,
  ports: Ports,
): Promise<BytesAnswer> {
  const of = [LOOK, asked.language, asked.person.email, String(wantsJson), asked.query.toString()];
  const epoch = String(Math.floor(ports.now() / LONGEST_UNCHANGED_MS));
  const named = async (depth: Depth): Promise<string | undefined> => {
    const version = screen.version && (await versionOf(screen.version(asked, ports, depth), ports));
    return version === undefined ? undefined : etagOf(...of, depth, version, epoch);
  };
  // Before what is shown is read: a change in between is a new version, never unnoticed.
  const idle = await named('idle');
  if (idle !== undefined && isKnown(call, idle)) return unchanged(idle);
  const live = await named('live');
  if (live !== undefined && isKnown(call, live)) return unchanged(live);
  const found = await screen.show(asked, ports);
  const view = viewOf(asked);
  const text = wantsJson
    ? plainJson(found.data)
    : page({ title: found.title(view), body: found.body(view), pace: found.pace }, view).markup;
  // What lacks a part is as old as its content: the same state may show the part a moment later.
  const known = found.pace === 'live' ? live : idle;
  const etag = (found.isWhole ? known : undefined) ?? etagOf(...of, text);
  if (isKnown(call, etag)) return unchanged(etag);
  return answerWith(call, { status: 200, type: wantsJson ? JSON_TYPE : HTML, text, headers: { etag } });
}

/** A version that cannot be read is none: the page may show its other parts. */
async function versionOf(reading: Promise<string | undefined>, ports: Ports): Promise<string | undefined> {
  try {
    return await within(LONGEST_VERSION_MS, ports, reading);
  } catch (error) {
    if (error instanceof PageProblem) throw error;
    return undefined;
  }
}

function filed(call: WholeCall, { type, content, download, isFixed }: PageFile): BytesAnswer {
  const etag = etagOf(versionOfContent(content));
  if (isKnown(call, etag)) return unchanged(etag);
  return answerWith(call, {
    ...{ status: 200, type, text: content },
    headers: {
      etag,
      ...(isFixed && { 'cache-control': 'private, max-age=86400' }),
      ...(download !== undefined && { 'content-disposition': dispositionOf(download) }),
    },
  });
}

const FORM_TYPE = /^application\/x-www-form-urlencoded *(;|$)/i;

async function sent(
  call: WholeCall,
  send: NonNullable<ScreenRoute['send']>,
  asked: Asked,
  ports: Ports,
): Promise<BytesAnswer> {
  if (!isOwnForm(call)) throw new PageProblem('foreign-form', 'its origin is not this console');
  if (call.tooLong || !FORM_TYPE.test(call.contentType ?? ''))
    throw new PageProblem('invalid', `expected a form of at most ${MOST_BODY_BYTES} bytes`);
  const form = new URLSearchParams(Buffer.from(call.bytes).toString('utf8'));
  const path = await send({ ...asked, form }, ports);
  return seeOther(withQuery(path, { lang: asked.query.get('lang') ?? undefined }));
}

/** The log names the route and the cause, never what was sent. */
function problemOf(error: unknown, { method, path }: WholeCall, { log }: Ports): PageProblem {
  if (error instanceof PageProblem) return error;
  if (isAboutPerson(error)) return new PageProblem('forbidden', error.message);
  log.error({ err: error }, `${method.slice(0, 10)} ${path.slice(0, 200)} failed: ${messageOf(error)}`);
  return new PageProblem('failed', messageOf(error), [], codeOf(error));
}

function refused(call: WholeCall, problem: PageProblem, asked: Asked, wantsJson: boolean): BytesAnswer {
  const status = STATUS[problem.kind];
  const headers = { 'cache-control': 'no-store' };
  if (wantsJson)
    return answerWith(call, {
      status,
      type: 'application/problem+json',
      text: problemJson(problem),
      headers,
    });
  const { markup } = problemPage(problem, viewOf(asked));
  return answerWith(call, { status, type: HTML, text: markup, headers });
}
