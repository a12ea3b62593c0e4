// Calls a function of the mesh from another, with plain calls: Google's client takes a fifth of the caller's cold start.
import type { Adapters } from '../functions/adapters.ts';
import type { GoogleConfig } from './endpoints.ts';
import { failure } from './failures.ts';
import { LONGEST_CALL_MS, parsed, reportedBy } from './function-answers.ts';
import { CallRefused, callsTo, type Send } from './http-calls.ts';
import { ownTokens } from './own-tokens.ts';

/** The caller decides whether a call whose answer is lost is sent again. */
const MANNER = { longestMs: LONGEST_CALL_MS, retries: 0, keepsConnections: false };

/** Each call carries an identity token of this process for the address that it goes to. */
export function functionCalls(config: GoogleConfig): Adapters['call'] {
  const tokens = ownTokens(config);
  const senders = new Map<string, Send>();
  const senderTo = (url: string): Send => {
    const send = senders.get(url) ?? callsTo(new URL(url).origin, () => tokens.identity(url), MANNER);
    senders.set(url, send);
    return send;
  };
  return async (url, body, headers = {}) => {
    try {
      const answer = await senderTo(url)({
        ...{ method: 'POST', path: new URL(url).pathname },
        headers: { ...headers, 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(body)),
      });
      if (answer.status < 200 || answer.status >= 300) throw new CallRefused(answer);
      return parsed(answer.body.toString('utf8'));
    } catch (error) {
      throw failure(`calling ${url}${reportedBy(error)}`, error, 'run.routes.invoke');
    }
  };
}
