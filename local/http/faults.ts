// Faults on purpose, at the wire: which requests are struck, with what, before or after the work was done.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as wait } from 'node:timers/promises';
import { changed, cutAfter, errorText, refusalText, type Refusal } from './broken-answers.ts';

export type FaultStatus = 408 | 429 | 500 | 503;

/**
 * What happens to a request.
 *
 * - `lose-request`: the connection is cut before the work is done.
 * - `lose-answer`: the work is done, then the connection is cut. The caller cannot know.
 * - a number: that HTTP status is answered, and the work is not done.
 * - `statusAfterWork`: the work is done, and that status is still answered.
 * - `refuse`: that error is answered, in the service's own words, and the work is not done.
 * - `changeAnswer`: the work is done, and its answer, JSON, is changed so.
 * - `delayMs`: the work begins that much later.
 * - `truncateAtBytes`: the work is done, and the answer ends after so many bytes of its body.
 */
export type Action =
  | 'lose-request'
  | 'lose-answer'
  | FaultStatus
  | { readonly statusAfterWork: FaultStatus }
  | { readonly refuse: Refusal }
  | { readonly changeAnswer: (answer: Readonly<Record<string, unknown>>) => object }
  | { readonly delayMs: number }
  | { readonly truncateAtBytes: number };

/**
 * One planned fault. It strikes requests whose method and raw URL match, after letting `skip` of them
 * pass, `times` times (default once).
 */
export interface Fault {
  /** Any method when absent. */
  readonly method?: string;
  readonly url: RegExp;
  readonly action: Action;
  readonly skip?: number;
  readonly times?: number;
  /** Strikes only calls of this identity. */
  readonly caller?: string;
  /** Runs as the fault strikes, before or after the work as its action is, and is waited for. */
  readonly onStrike?: () => Promise<void> | void;
}

interface Planned extends Fault {
  observed: number;
  struck: number;
}

type Strike = Pick<Fault, 'action' | 'onStrike'>;

/** The plan of faults. Tests end by asserting that `unused()` is empty: a fault that never struck tests nothing. */
export class Faults {
  #planned: Planned[] = [];
  #afterWork = new WeakMap<FastifyRequest, Strike>();
  #sources: ((request: FastifyRequest) => Action | undefined)[] = [];

  plan(...faults: Fault[]): void {
    this.#planned.push(...faults.map((fault) => ({ ...fault, observed: 0, struck: 0 })));
  }

  /** Asks `source` about every request that no planned fault strikes. */
  alsoFrom(source: (request: FastifyRequest) => Action | undefined): void {
    this.#sources.push(source);
  }

  clear(): void {
    this.#planned = [];
  }

  unused(): readonly Fault[] {
    return this.#planned.filter((fault) => fault.struck === 0);
  }

  attach(app: FastifyInstance): void {
    app.addHook('onRequest', (request, reply) => this.#beforeWork(request, reply));
    app.addHook('onSend', (request, reply, payload) => this.#atAnswer(request, reply, payload));
  }

  async #beforeWork(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const strike = this.#strikeOn(request);
    if (strike === undefined) return undefined;
    const { action, onStrike } = strike;
    if (action === 'lose-request') {
      await onStrike?.();
      return cut(request, reply);
    }
    if (typeof action === 'number') {
      await onStrike?.();
      return reply.code(action).type('application/json; charset=UTF-8').send(errorText(action));
    }
    if (typeof action === 'object' && 'refuse' in action) {
      await onStrike?.();
      const { refuse } = action;
      if (refuse.retryAfter !== undefined) void reply.header('retry-after', refuse.retryAfter);
      return reply.code(refuse.status).type('application/json; charset=UTF-8').send(refusalText(refuse));
    }
    if (typeof action === 'object' && 'delayMs' in action) {
      await onStrike?.();
      await wait(action.delayMs);
      return undefined;
    }
    this.#afterWork.set(request, strike);
    return undefined;
  }

  async #atAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const strike = this.#afterWork.get(request);
    if (strike === undefined) return payload;
    this.#afterWork.delete(request);
    await strike.onStrike?.();
    const { action } = strike;
    if (typeof action === 'object' && 'statusAfterWork' in action) {
      reply.removeHeader('content-length');
      void reply.code(action.statusAfterWork).type('application/json; charset=UTF-8');
      return errorText(action.statusAfterWork);
    }
    if (typeof action === 'object' && 'changeAnswer' in action) {
      reply.removeHeader('content-length');
      return changed(payload, action.changeAnswer);
    }
    if (typeof action === 'object' && 'truncateAtBytes' in action) {
      reply.hijack();
      await cutAfter(action.truncateAtBytes, reply, payload);
      return null;
    }
    cut(request, reply);
    return null;
  }

  #strikeOn(request: FastifyRequest): Strike | undefined {
    const fault = this.#planned.find((candidate) => this.#strikes(candidate, request));
    if (fault !== undefined) {
      fault.struck++;
      return fault;
    }
    for (const source of this.#sources) {
      const action = source(request);
      if (action !== undefined) return { action };
    }
    return undefined;
  }

  #strikes(fault: Planned, request: FastifyRequest): boolean {
    if (fault.method !== undefined && fault.method !== request.method) return false;
    if (!fault.url.test(request.url)) return false;
    if (fault.caller !== undefined && fault.caller !== request.caller) return false;
    if (fault.struck >= (fault.times ?? 1)) return false;
    return fault.observed++ >= (fault.skip ?? 0);
  }
}

function cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}
