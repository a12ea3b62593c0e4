// A host of functions with an endpoint, for one test file: real framework, real processes, real tokens.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../local/clock.ts';
import { Functions, type FunctionSpec } from '../../../local/functions/functions.ts';
import { functionRoutes } from '../../../local/functions/routes.ts';
import { createApi, OPERATOR } from '../../../local/http/api.ts';
import { Tokens } from '../../../local/iam/tokens.ts';
import { memoryState } from '../../../local/state/state.ts';

export const INVOKER = 'scheduler@p1.iam.gserviceaccount.com';
export const IDENTITY = 'sample@p1.iam.gserviceaccount.com';

export interface Hosted {
  readonly functions: Functions;
  readonly tokens: Tokens;
  readonly origin: string;
  readonly folder: string;
  /** What the functions printed. */
  readonly lines: readonly string[];
  /** The sample function under this name. */
  spec(over: Partial<FunctionSpec> & { name: string }): FunctionSpec;
  /** Calls a function with a token of that identity. */
  call(path: string, init?: RequestInit, email?: string): Promise<Response>;
  close(): Promise<void>;
}

/** Open, with the function `sample` declared. */
export async function openHosted(): Promise<Hosted> {
  const folder = await mkdtemp(join(tmpdir(), 'functions-'));
  const lines: string[] = [];
  const tokens = await Tokens.open(memoryState());
  const api = createApi();
  const functions = new Functions({
    clock: systemClock,
    envOf: async (email) => ({ IDENTITY_OBSERVED: email }),
    verifyIdToken: (header, audience) => tokens.verifyIdToken(header, audience),
    mayInvoke: (email) => email === INVOKER,
    mayEveryoneInvoke: (name) => name === 'everyone',
    logFolder: join(folder, 'logs'),
    onLog: ({ name, text }) => lines.push(`${name}: ${text}`),
    longestQueueMs: 50,
  });
  functionRoutes(api.app, functions);
  // The kernel's own parsing stays what it is for everybody else.
  api.app.post('/parsed', async (request) => ({ parsed: request.body }));
  const origin = `http://127.0.0.1:${await api.listenAs(OPERATOR)}`;
  const spec: Hosted['spec'] = (over) => ({
    sourceFile: fileURLToPath(new URL('./sample-function.ts', import.meta.url)),
    entryPoint: 'sample',
    env: { SAMPLE: 'yes' },
    serviceAccountEmail: IDENTITY,
    timeoutSeconds: 30,
    size: { memory: '512Mi', concurrency: 1, minInstances: 0, maxInstances: 4 },
    url: `${origin}/functions/${over.name}`,
    ...over,
  });
  functions.ensureFunction(spec({ name: 'sample' }));
  functions.start();
  return {
    functions,
    tokens,
    origin,
    folder,
    lines,
    spec,
    async call(path, init = {}, email = INVOKER) {
      const name = /^[^/?]+/.exec(path)?.[0];
      const token = await tokens.mintIdToken(email, `${origin}/functions/${name}`);
      return fetch(`${origin}/functions/${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...init.headers },
      });
    },
    async close() {
      await functions.stop();
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
