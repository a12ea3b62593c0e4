// The local Identity-Aware Proxy: each person has a loopback port, on which the service behind it sees that person.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Functions } from '../functions/functions.ts';
import { readWhole } from '../http/bodies.ts';
import { refusalOf } from '../http/callers.ts';
import { ApiError, forbidden, notFound } from '../http/errors.ts';
import { drainAfterAnswer } from '../http/unread-bodies.ts';
import { IAP_AGENT } from '../iam/agents.ts';
import type { Assertions } from './assertions.ts';

const LOOPBACK = '127.0.0.1';
const LARGEST_BODY_BYTES = 32 * 1024 * 1024;
const MOST_PEOPLE = 100;
/** What only the proxy may say; a client's own is dropped. */
const OF_THE_PROXY = /^x-goog-(iap|authenticated-user)-/;
/** Of one hop, or set anew by the next one. */
const OF_THIS_HOP = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
]);

export interface IapPorts {
  readonly functions: () => Functions;
  readonly assertions: Assertions;
  /** Whether the person may pass the proxy to the service. */
  readonly mayPass: (email: string, service: Service) => boolean;
  readonly mintIdToken: (email: string, audience: string) => Promise<string>;
}

type Service = NonNullable<ReturnType<Functions['behindIap']>>;

export class Iap {
  readonly #ports: IapPorts;
  readonly #servers = new Map<string, Promise<Server>>();

  constructor(ports: IapPorts) {
    this.#ports = ports;
  }

  publicKeys(): ReturnType<Assertions['publicKeys']> {
    return this.#ports.assertions.publicKeys();
  }

  /** `http://127.0.0.1:PORT`, on which a browser is that person. 404 where no service is behind the proxy. */
  async addressFor(email: string): Promise<string> {
    if (this.#ports.functions().behindIap() === undefined)
      throw notFound('No service is behind Identity-Aware Proxy.');
    if (!this.#servers.has(email) && this.#servers.size >= MOST_PEOPLE)
      throw forbidden(`There are ${MOST_PEOPLE} people with a port already.`);
    const opening = this.#servers.get(email) ?? this.#listen(email);
    this.#servers.set(email, opening);
    const { port } = (await opening).address() as AddressInfo;
    return `http://${LOOPBACK}:${port}`;
  }

  /** What the proxy would pass on for that person: for a call that does not come through it. */
  assertionFor(email: string): Promise<string> {
    const service = this.#ports.functions().behindIap();
    if (service === undefined) throw notFound('No service is behind Identity-Aware Proxy.');
    return this.#ports.assertions.mint(email, service.audience);
  }

  async close(): Promise<void> {
    for (const opening of this.#servers.values()) {
      const server = await opening;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #listen(email: string): Promise<Server> {
    const server = createServer((request, response) => {
      drainAfterAnswer(request, response);
      this.#pass(email, request, response).catch((error: unknown) => {
        const { code, message } =
          error instanceof ApiError ? error : new ApiError(502, 'badGateway', String(error));
        response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
      });
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject).listen(0, LOOPBACK, () => resolve(server));
    });
  }

  async #pass(email: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request, true);
    if (refusal !== undefined) throw forbidden(refusal);
    const { functions, assertions, mayPass, mintIdToken } = this.#ports;
    const service = functions().behindIap();
    if (service === undefined) throw notFound('No service is behind Identity-Aware Proxy.');
    if (!mayPass(email, service)) throw forbidden(`${email} does not have access to ${service.name}.`);
    // The proxy calls the service as its own agent, which has to be granted that.
    const authorization = `Bearer ${await mintIdToken(IAP_AGENT, service.url)}`;
    const admitted = await functions().admit(service.name, { authorization, isInternal: false });
    if (admitted.kind === 'refused')
      throw forbidden('The IAP service account is not provisioned, or may not invoke the service.');
    const answer = await functions().invoke(service.name, {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: { ...passedOn(request), ...(await this.#signedIn(email, service.audience, assertions)) },
      body: hasBody(request) ? await readWhole(request, LARGEST_BODY_BYTES) : undefined,
    });
    response.writeHead(answer.status, kept(answer.headers));
    if (Buffer.isBuffer(answer.body)) response.end(answer.body);
    else answer.body.pipe(response);
  }

  async #signedIn(email: string, audience: string, assertions: Assertions) {
    return {
      'x-goog-iap-jwt-assertion': await assertions.mint(email, audience),
      'x-goog-authenticated-user-email': `accounts.google.com:${email}`,
    };
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  'content-length' in headers || 'transfer-encoding' in headers;

/** The host stays: a page's own origin is compared with it. */
const passedOn = ({ headers }: IncomingMessage): IncomingMessage['headers'] =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !OF_THIS_HOP.has(name) && !OF_THE_PROXY.test(name)),
  );

const kept = (headers: IncomingMessage['headers']): IncomingMessage['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THIS_HOP.has(name)));
