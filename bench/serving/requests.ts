// The load of the benches over HTTP: requests at fixed times, whatever is answered, or as many as are answered.
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

export interface Answered {
  /** From the time at which it was due, so that waiting for a slow server counts. */
  readonly ms: number;
  readonly status: number;
  readonly text: string;
}

export interface Target {
  readonly port: number;
  readonly path: string;
  /** Posted; undefined: the path is read. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Status 0: no answer came. */
export function ask(
  { port, path, body, headers: own }: Target,
  dueMs = performance.now(),
): Promise<Answered> {
  return new Promise((resolve) => {
    const failed = (error: Error) =>
      resolve({ ms: performance.now() - dueMs, status: 0, text: error.message });
    const posted =
      body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const method = body === undefined ? 'GET' : 'POST';
    const headers = { ...posted, ...own };
    const sent = request({ agent, host: '127.0.0.1', port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', failed);
      answer.once('end', () =>
        resolve({
          ms: performance.now() - dueMs,
          status: answer.statusCode ?? 0,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.once('error', failed);
    sent.end(body);
  });
}

/** An open loop: `perSecond` requests a second for so long; `seen` receives each answer. A target may differ each time. */
export async function openLoop(
  target: Target | ((sent: number) => Target),
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  seen: (answer: Answered) => void,
): Promise<void> {
  const beganMs = performance.now();
  // Those without an answer only: what is kept of the others would be copied by each collection of garbage here.
  const under = new Set<Promise<void>>();
  for (let sent = 0; sent < perSecond * seconds; sent += 1) {
    const dueMs = beganMs + (sent * 1000) / perSecond;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await wait(earlyMs);
    // A timer counts whole milliseconds, so a request may go out a little before it is due.
    const next = typeof target === 'function' ? target(sent) : target;
    const asked = ask(next, Math.min(dueMs, performance.now())).then(seen);
    under.add(asked);
    void asked.then(() => under.delete(asked));
  }
  await Promise.all(under);
}

/** A closed loop of so many at once. Returns the answers a second; throws on any but 200. */
export async function ceiling(target: Target, atOnce: number, seconds: number): Promise<number> {
  const beganMs = performance.now();
  let answers = 0;
  const asking = Array.from({ length: atOnce }, async () => {
    while (performance.now() - beganMs < seconds * 1000) {
      const { status, text } = await ask(target);
      if (status !== 200) throw new Error(`the server answered ${status}: ${text}`);
      answers += 1;
    }
  });
  await Promise.all(asking);
  return answers / ((performance.now() - beganMs) / 1000);
}

/** The value below which that share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError('there is no percentile of no values');
  return value;
}
