// A function called directly: behind the publisher's port, where the same message is carried by hand, or as HTTP.
import { GoogleAuth } from 'google-auth-library';
import type { Publisher } from '../events/messages.ts';
import { failure } from './failures.ts';

// A function that takes longer goes on by itself; who called it looks again at what came of it.
const LONGEST_CALL_MS = 240_000;

/**
 * Delivers a message to the function at `url` as a Pub/Sub push would, and waits for its answer. An error can
 * mean that the function did its work all the same; it is idempotent. The functions framework reads the `topic`,
 * `projects/…/topics/…`, off the path, as from a push, and warns when none stands there.
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

/** Posts a body to the function at `url`, with an identity token for it, and gives what it answered. */
export async function callFunction(
  url: string,
  body: object,
  auth = new GoogleAuth(),
  path = '',
): Promise<unknown> {
  try {
    const client = await auth.getIdTokenClient(url);
    const answer = await client.request({
      url: `${url}${path}`,
      method: 'POST',
      data: body,
      timeout: LONGEST_CALL_MS,
      retry: false,
    });
    return answer.data;
  } catch (error) {
    throw failure(`calling ${url}${whatItReported(error)}`, error, 'run.routes.invoke');
  }
}

/** Our functions answer a refusal with its reason. */
function whatItReported(error: unknown): string {
  const { data } = (error as { response?: { data?: unknown } }).response ?? {};
  const message = (data as { error?: unknown } | undefined)?.error;
  return typeof message === 'string' ? `: ${message}` : '';
}
