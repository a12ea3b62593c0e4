// Posts requests over connections that are kept, to Google or to the local cloud.
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** Status 0: no answer came. */
export interface Answered {
  readonly status: number;
  readonly text: string;
}

const TIMEOUT_MS = 30_000;
const CONNECTIONS = { keepAlive: true, maxSockets: 1000 };

export function postTo(address: string): (token: string, key: string, body: string) => Promise<Answered> {
  const url = new URL(address);
  const isTls = url.protocol === 'https:';
  const agent = isTls ? new HttpsAgent(CONNECTIONS) : new HttpAgent(CONNECTIONS);
  const request = isTls ? httpsRequest : httpRequest;
  return (token, key, body) =>
    new Promise((resolve) => {
      const failed = (error: Error) => resolve({ status: 0, text: error.message });
      const headers = {
        ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...{ 'idempotency-key': key, 'content-length': Buffer.byteLength(body) },
      };
      const sent = request(url, { agent, method: 'POST', headers, timeout: TIMEOUT_MS }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.once('error', failed);
      });
      sent.once('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      sent.once('error', failed).end(body);
    });
}
