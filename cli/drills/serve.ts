// Serves the drills on a loopback port of its own, beside the console: the owner of the local cloud may make it fail.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../../shared/errors.ts';
import { isLanguage, languageOf, type Language } from '../../shared/page/languages.ts';
import { PAGE_STYLE } from '../../shared/page/style.ts';
import { readWhole } from '../../local/http/bodies.ts';
import { refusalOf } from '../../local/http/callers.ts';
import { DRILLS } from './catalog.ts';
import type { Drills } from './drills.ts';
import { drillsPage } from './page.ts';

const LOOPBACK = '127.0.0.1';
const MOST_BODY_BYTES = 4_000;
const REFRESH_SECONDS = 3;
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

export interface DrillsSite {
  readonly drills: Drills;
  /** Watched sources; the first is offered first. */
  readonly pipelines: readonly string[];
  readonly timeZone: string;
  readonly consoleAddress: () => Promise<string>;
}

export interface ServedDrills {
  readonly address: string;
  close(): Promise<void>;
}

export async function serveDrills(site: DrillsSite): Promise<ServedDrills> {
  const server = createServer((request, response) => {
    answer(request, response, site).catch((error: unknown) => {
      response
        .writeHead(500, { ...SECURITY, 'content-type': 'text/plain; charset=utf-8' })
        .end(`${messageOf(error)}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, LOOPBACK, resolve);
  });
  return {
    address: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/drills`,
    close: () => closed(server),
  };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

async function answer(request: IncomingMessage, response: ServerResponse, site: DrillsSite): Promise<void> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) return text(response, 403, refusal);
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  if (request.method === 'POST' && pathname === '/drills')
    return sent(request, response, site, searchParams.get('lang'));
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return text(response, 405, 'expected GET or POST');
  if (pathname === '/style.css') {
    response.writeHead(200, { ...SECURITY, 'content-type': 'text/css; charset=utf-8' }).end(PAGE_STYLE);
    return;
  }
  if (pathname !== '/drills' && pathname !== '/') return text(response, 404, 'There is: /drills');
  const chosen = searchParams.get('lang');
  const language = isLanguage(chosen) ? chosen : languageOf(request.headers['accept-language']);
  return shown(response, site, { pipeline: searchParams.get('pipeline'), language, chosen });
}

interface Wanted {
  readonly pipeline: string | null;
  readonly language: Language;
  /** By hand, which the next page keeps. */
  readonly chosen: string | null;
}

async function shown(
  response: ServerResponse,
  { drills, pipelines, timeZone, consoleAddress }: DrillsSite,
  wanted: Wanted,
): Promise<void> {
  const chosen = pipelines.find((each) => each === wanted.pipeline) ?? pipelines[0] ?? '';
  const { happened, isUnderWay } = drills;
  const page = drillsPage({
    ...{ pipelines, chosen, happened, isUnderWay, timeZone },
    language: wanted.language,
    isChosen: isLanguage(wanted.chosen),
    console: await consoleAddress(),
  });
  response
    .writeHead(200, {
      ...SECURITY,
      'content-type': 'text/html; charset=utf-8',
      ...(isUnderWay && { refresh: String(REFRESH_SECONDS) }),
    })
    .end(page.markup);
}

async function sent(
  request: IncomingMessage,
  response: ServerResponse,
  site: DrillsSite,
  language: string | null,
): Promise<void> {
  const form = new URLSearchParams((await readWhole(request, MOST_BODY_BYTES)).toString('utf8'));
  const { drills, pipelines } = site;
  if (form.get('do') === 'sweep') await drills.sweep();
  else if (form.get('do') === 'stop') drills.stop();
  else {
    const drill = DRILLS.find(({ name }) => name === form.get('drill'));
    const pipeline = pipelines.find((name) => name === form.get('pipeline'));
    if (drill === undefined)
      return text(response, 400, `expected drill: ${DRILLS.map(({ name }) => name).join(', ')}`);
    if (pipeline === undefined) return text(response, 400, `expected pipeline: ${pipelines.join(', ')}`);
    await drills.start(drill, pipeline);
  }
  const query = new URLSearchParams();
  const pipeline = form.get('pipeline');
  if (pipeline !== null) query.set('pipeline', pipeline);
  if (isLanguage(language)) query.set('lang', language);
  const location = query.size === 0 ? '/drills' : `/drills?${query.toString()}`;
  response.writeHead(303, { ...SECURITY, location }).end();
}

function text(response: ServerResponse, status: number, what: string): void {
  response.writeHead(status, { ...SECURITY, 'content-type': 'text/plain; charset=utf-8' }).end(`${what}\n`);
}
