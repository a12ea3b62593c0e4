// A function called directly, behind the publisher's port: the same message, carried by hand.
import { GoogleAuth } from 'google-auth-library';
import type { Publisher } from '../events/messages.ts';
import { failure } from './failures.ts';

// Longer than an event function may run.
const LONGEST_CALL_MS = 600_000;

/**
 * Delivers a message to the function at `url` as a Pub/Sub push would, with an identity token for it, and
 * waits for its answer. An error can mean that the function did its work all the same; it is idempotent.
 */
export function functionCaller<Message>(url: string): Publisher<Message> {
  const auth = new GoogleAuth();
  return {
    async publish(message) {
      const data = Buffer.from(JSON.stringify(message)).toString('base64');
      try {
        const client = await auth.getIdTokenClient(url);
        await client.request({
          url,
          method: 'POST',
          data: { message: { data, messageId: 'by-hand', attributes: {} }, subscription: 'by-hand' },
          timeout: LONGEST_CALL_MS,
          retry: false,
        });
      } catch (error) {
        throw failure(`calling ${url}`, error);
      }
    },
  };
}
