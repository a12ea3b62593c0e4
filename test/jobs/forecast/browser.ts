// A real browser without a window, driven through its debugging pipe: opens a page, measures it, prints it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { drawingBrowser } from '../../local/http/browser.ts';

export const skip =
  drawingBrowser === undefined && 'there is no browser on this machine: apt-get install chromium';

const WAIT_MS = 120_000;

export interface Browser {
  /** A page stays until the next one is opened. */
  open(html: string, view: View): Promise<Opened>;
  close(): Promise<void>;
}

export interface Opened {
  /** What an expression comes to in the page, as JSON. The page's own policy does not hold for it. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** What the page's policy forbade, and other complaints of the browser. */
  readonly complaints: readonly string[];
}

export interface View {
  readonly width: number;
  readonly media: 'screen' | 'print';
  readonly dark?: boolean;
}

/** Each command answers in its turn; an answer that never comes is an error after two minutes. */
class Pipe {
  complaints: string[] = [];
  readonly #write: Writable;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #events = new Map<string, () => void>();
  #id = 0;

  constructor(write: Writable, read: Readable) {
    this.#write = write;
    let rest = '';
    read.setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#take(JSON.parse(message) as Answer);
    });
  }

  #take(answer: Answer): void {
    if (answer.method === 'Log.entryAdded') this.complaints.push(answer.params?.entry?.text ?? '');
    if (answer.method !== undefined) this.#events.get(answer.method)?.();
    if (answer.id === undefined) return;
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  async send(method: string, params: object, sessionId?: string): Promise<Result> {
    this.#id += 1;
    const id = this.#id;
    const answer = await within(
      method,
      new Promise<Answer>((resolve) => {
        this.#waiting.set(id, resolve);
        this.#write.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      }),
    );
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result ?? {};
  }

  next(event: string): Promise<void> {
    return within(event, new Promise((resolve) => this.#events.set(event, resolve)));
  }
}

interface Result {
  readonly targetId?: string;
  readonly sessionId?: string;
  readonly result?: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly entry?: { readonly text: string } };
  readonly result?: Result;
  readonly error?: { readonly message: string };
}

async function within<Value>(what: string, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no answer in ${WAIT_MS} ms`)), WAIT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** One page of one process draws all that is opened: a new one of each would cost more than the drawing. */
export async function startBrowser(): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run'];
  const child = spawn(
    drawingBrowser ?? '',
    [...flags, `--user-data-dir=${folder}`, '--remote-debugging-pipe'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const pipe = new Pipe(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const { targetId } = await pipe.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await pipe.send('Target.attachToTarget', { targetId, flatten: true });
  for (const domain of ['Page', 'Log']) await pipe.send(`${domain}.enable`, {}, sessionId);
  return {
    open: (html, view) => open(pipe, sessionId, join(folder, 'page.html'), html, view),
    async close() {
      // The command may be a script that waits for the browser.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function open(
  pipe: Pipe,
  sessionId: string | undefined,
  file: string,
  html: string,
  view: View,
): Promise<Opened> {
  writeFileSync(file, html);
  const complaints: string[] = [];
  const send = (method: string, params: object) => pipe.send(method, params, sessionId);
  await send('Emulation.setDeviceMetricsOverride', {
    width: view.width,
    height: 800,
    deviceScaleFactor: 1,
    mobile: view.media === 'screen' && view.width < 600,
  });
  const scheme = { name: 'prefers-color-scheme', value: view.dark === true ? 'dark' : 'light' };
  await send('Emulation.setEmulatedMedia', { media: view.media, features: [scheme] });
  pipe.complaints = complaints;
  const loaded = pipe.next('Page.loadEventFired');
  await send('Page.navigate', { url: pathToFileURL(file).href });
  await loaded;
  return {
    complaints,
    async evaluate<Value>(expression: string) {
      const { result, exceptionDetails } = await send('Runtime.evaluate', {
        expression,
        returnByValue: true,
      });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? expression);
      return result?.value as Value;
    },
  };
}
