// Calls a function directly: as a publisher, which delivers the message itself, or over plain HTTP.
import { GoogleAuth } from 'google-auth-library';
import { messageOf } from '../errors.ts';
import type { Publisher } from '../events/messages.ts';
import { failure } from './failures.ts';

// A function that takes longer continues on its own; the caller reads its result later.
const LONGEST_CALL_MS = 240_000;

/**
 * Delivers a message to the function at `url` as a Pub/Sub push would, and waits for its answer. After an error the
 * function may have done its work; it is idempotent. The functions framework reads the `topic`,
 * `projects/…/topics/…`, from the path, as from a push, and warns when there is none.
 */
export function functionCaller<Message>(url: string, topic: string): Publisher<Message> {
  const auth = new GoogleAuth();
  return {
    async publish(message) {
      const data = Buffer.from(JSON.stringify(message)).toString('base64');
      const delivery = { message: { data, messageId: 'by-hand', attributes: {} }, subscription: 'by-hand' };
      await callFunction(url, delivery, auth, `/${topic}`);
    },
  };
}

/** The value of the header `Authorization`, by the audience of its token, which is kept until it expires. */
export function identityTokens(auth = new GoogleAuth()): (audience: string) => Promise<string> {
  const clients = new Map<string, ReturnType<GoogleAuth['getIdTokenClient']>>();
  return async (audience) => {
    const client = clients.get(audience) ?? auth.getIdTokenClient(audience);
    clients.set(audience, client);
    try {
      return (await (await client).getRequestHeaders(audience)).get('authorization') ?? '';
    } catch (error) {
      throw failure(`an identity token for ${audience}`, error, 'iam.serviceAccounts.getOpenIdToken');
    }
  };
}

/** Posts a body to the function at `url`, with an identity token for it, and returns its answer. */
export async function callFunction(
  url: string,
  body: object,
  auth = new GoogleAuth(),
  path = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  try {
    const client = await auth.getIdTokenClient(url);
    const answer = await client.request({
      url: `${url}${path}`,
      method: 'POST',
      data: body,
      headers: { ...headers },
      timeout: LONGEST_CALL_MS,
      retry: false,
      // The client would parse JSON by its content type alone, and give problem details as a blob.
      responseType: 'text',
    });
    return parsed(answer.data);
  } catch (error) {
    throw failure(`calling ${url}${reportedBy(error)}`, error, 'run.routes.invoke');
  }
}

/** The same as a port of a function. */
export const postTo = (
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> => callFunction(url, body, undefined, '', headers);

/** The functions of the mesh answer a refusal with its reason, and services with problem details (RFC 9457). */
function reportedBy(error: unknown): string {
  const body = (answerIn(error) ?? {}) as { error?: unknown; detail?: unknown };
  const message = body.error ?? body.detail;
  // The client may use it as the message of the error as well.
  return typeof message === 'string' && message !== messageOf(error) ? `: ${message}` : '';
}

/** The body of the answer that an error is of; undefined where there is none. */
export const answerIn = (error: unknown): unknown =>
  parsed((error as { response?: { data?: unknown } } | null)?.response?.data);

/** A function that is called by an event answers with text. */
function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
