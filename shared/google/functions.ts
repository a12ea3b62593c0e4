// Calls a function directly: as a publisher, which delivers the message itself, or over plain HTTP.
import { GoogleAuth } from 'google-auth-library';
import type { Publisher } from '../events/messages.ts';
import { failure } from './failures.ts';
import { LONGEST_CALL_MS, parsed, reportedBy } from './function-answers.ts';

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
