// One HTTP request as a test words it, forged headers and all, which `fetch` would not let through.
import { Agent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';

export interface Wanted {
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

export interface Answered {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** Rejects when the connection ends before the answer has. */
export function send({ port, path, method = 'GET', headers = {}, body, agent }: Wanted): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers, agent: agent ?? false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject).once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.once('error', reject).end(body);
  });
}

/** An agent with one connection, which it keeps: the second request waits for the first. */
export const oneConnection = (): Agent => new Agent({ keepAlive: true, maxSockets: 1 });
