// Faults on purpose, at the wire: the answer that never comes, before or after the work was done.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * One planned fault. It strikes requests whose method and raw URL match, after letting `skip` of them
 * pass, `times` times (default once).
 *
 * - `lose-request`: the connection is cut before the work is done.
 * - `lose-answer`: the work is done, then the connection is cut. The caller cannot know.
 * - a number: that HTTP status is answered, and the work is not done.
 */
export interface Fault {
  readonly method: string;
  readonly url: RegExp;
  readonly action: 'lose-request' | 'lose-answer' | 429 | 500 | 503;
  readonly skip?: number;
  readonly times?: number;
  /** Strikes only calls of this identity. */
  readonly caller?: string;
}

interface Planned extends Fault {
  seen: number;
  struck: number;
}

/** The plan of faults. Tests end by asserting that `unused()` is empty: a fault that never struck proves nothing. */
export class Faults {
  #planned: Planned[] = [];
  #loseAnswer = new WeakSet<FastifyRequest>();

  plan(...faults: Fault[]): void {
    this.#planned.push(...faults.map((fault) => ({ ...fault, seen: 0, struck: 0 })));
  }

  clear(): void {
    this.#planned = [];
  }

  unused(): readonly Fault[] {
    return this.#planned.filter((fault) => fault.struck === 0);
  }

  attach(app: FastifyInstance): void {
    app.addHook('onRequest', async (request, reply) => this.#onRequest(request, reply));
    app.addHook('onSend', async (request, reply, payload) => {
      if (!this.#loseAnswer.has(request)) return payload;
      reply.hijack();
      request.raw.socket.destroy();
      return null;
    });
  }

  #onRequest(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    const fault = this.#planned.find((candidate) => this.#strikes(candidate, request));
    if (fault === undefined) return undefined;
    fault.struck++;
    if (fault.action === 'lose-answer') {
      this.#loseAnswer.add(request);
      return undefined;
    }
    if (fault.action === 'lose-request') {
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    }
    return reply
      .code(fault.action)
      .send({ error: { code: fault.action, message: 'a planned fault', errors: [] } });
  }

  #strikes(fault: Planned, request: FastifyRequest): boolean {
    if (fault.method !== request.method || !fault.url.test(request.url)) return false;
    if (fault.caller !== undefined && fault.caller !== request.caller) return false;
    if (fault.struck >= (fault.times ?? 1)) return false;
    return fault.seen++ >= (fault.skip ?? 0);
  }
}
