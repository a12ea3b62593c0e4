// The local Cloud Functions: each function in a process of its own, under its own identity.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { ApiError, invalid, notFound } from '../http/errors.ts';
import { lineLog, type LineLog } from '../run/lines.ts';
import { startInstance, type Answer, type Call, type Instance, type StartInstance } from './instance.ts';
import { checkSize, type Size } from './size.ts';
import { Slots } from './slots.ts';

export interface FunctionSpec {
  /** The short name, `detect-changes`. */
  readonly name: string;
  /** Absolute path of the file that registers the function with the framework. */
  readonly sourceFile: string;
  readonly entryPoint: string;
  readonly env: Readonly<Record<string, string>>;
  readonly serviceAccountEmail: string;
  readonly timeoutSeconds: number;
  readonly size: Size;
  /** Its public URL: the audience of the tokens that callers must bring. */
  readonly url: string;
  /** Only the cloud's own services may call it, token or not. */
  readonly isInternal?: boolean;
  /** Identity-Aware Proxy stands before it: where, and whom its assertions are for. */
  readonly iap?: { readonly location: string; readonly audience: string };
  /** Callers are not checked: the function verifies their tokens itself. */
  readonly isUnchecked?: boolean;
}

/** What the endpoint knows of a request before its body is read. */
export interface EndpointRequest {
  readonly authorization: string | undefined;
  /** It comes from one of the cloud's own services, not from the internet. */
  readonly isInternal: boolean;
}

export type Authorization =
  /** `isOpen`: everyone may call it, so its token was not looked at. */
  | { readonly kind: 'admitted'; readonly isOpen: boolean }
  | { readonly kind: 'refused'; readonly status: 401 | 403 | 404; readonly why: string };

export interface FunctionsOptions {
  readonly clock: Clock;
  /** What Node is given before the program of a function. */
  readonly nodeOptions?: readonly string[];
  /** How the process of an instance is started. Default: a new one for each. */
  readonly startInstance?: StartInstance;
  /** Where that identity finds the cloud: metadata server, endpoint, project. */
  readonly envOf: (serviceAccountEmail: string) => Promise<Record<string, string>>;
  /** The email in a valid token for `audience`, or undefined. */
  readonly verifyIdToken: (
    authorizationHeader: string | undefined,
    audience: string,
  ) => Promise<string | undefined>;
  readonly mayInvoke: (email: string, functionName: string) => boolean;
  /** Whether everyone may, with any token or none. */
  readonly mayEveryoneInvoke?: (functionName: string) => boolean;
  readonly logFolder: string;
  readonly onLog?: (line: { name: string; text: string }) => void;
  /** How long a request waits for a place before 429; 10 s, as on Cloud Run. */
  readonly longestQueueMs?: number;
}

interface Deployed {
  readonly spec: FunctionSpec;
  readonly slots: Slots;
  readonly log: LineLog;
  instance: Promise<Instance> | undefined;
}

const LONGEST_QUEUE_MS = 10_000;
const LONGEST_TIMEOUT_SECONDS = 3600;
const LONGEST_DYING_MS = 2_000;

export class Functions {
  readonly #options: FunctionsOptions;
  #deployed = new Map<string, Deployed>();
  #stopping = false;

  constructor(options: FunctionsOptions) {
    this.#options = options;
  }

  /**
   * Declares a function. Declared again unchanged nothing happens; changed, the next request gets a new instance.
   * Throws `ApiError` 400 for a size or a timeout that Cloud Run refuses.
   */
  ensureFunction(spec: FunctionSpec): void {
    const { size, timeoutSeconds } = spec;
    checkSize(spec.name, size);
    if (!(timeoutSeconds >= 1 && timeoutSeconds <= LONGEST_TIMEOUT_SECONDS))
      throw invalid(
        `${spec.name}: invalid timeout of ${timeoutSeconds} s; expected 1 to ${LONGEST_TIMEOUT_SECONDS}.`,
      );
    const known = this.#deployed.get(spec.name);
    if (known !== undefined && JSON.stringify(known.spec) === JSON.stringify(spec)) return;
    if (known !== undefined) void retire(known);
    this.#deployed.set(spec.name, {
      spec,
      slots: new Slots({
        clock: this.#options.clock,
        count: size.maxInstances * size.concurrency,
        longestWaitMs: this.#options.longestQueueMs ?? LONGEST_QUEUE_MS,
      }),
      log: lineLog(join(this.#options.logFolder, `${spec.name}.log`), (text) =>
        this.#options.onLog?.({ name: spec.name, text }),
      ),
      instance: undefined,
    });
  }

  /** The service that Identity-Aware Proxy stands before; there is one at most. */
  behindIap(): { name: string; url: string; location: string; audience: string } | undefined {
    for (const { spec } of this.#deployed.values())
      if (spec.iap !== undefined) return { name: spec.name, url: spec.url, ...spec.iap };
    return undefined;
  }

  /** Takes requests. The first request of a function starts its instance, as on Cloud Run. */
  start(): void {
    this.#stopping = false;
  }

  /** Starts every such function that is not running, concurrently; rejects with the first that cannot start. */
  async startAll(isWanted: (name: string) => boolean = () => true): Promise<void> {
    const wanted = [...this.#deployed].filter(([name]) => isWanted(name));
    await Promise.all(wanted.map(([, deployed]) => this.#instanceOf(deployed)));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#deployed.values()].map(retire));
  }

  /** SIGKILL to the running instance. The next request gets a new one. */
  kill(name: string): void {
    const deployed = this.#named(name);
    void deployed.instance?.then((instance) => instance.kill()).catch(() => undefined);
    deployed.instance = undefined;
  }

  /**
   * Whether the function is reached: by network first, then by the token alone, never by the port. What was
   * refused stands in the function's log, with who asked. Throws `ApiError` 404 for no such function.
   */
  async admit(name: string, request: EndpointRequest): Promise<Authorization> {
    const deployed = this.#named(name);
    const authorized = await this.#authorized(deployed.spec, request);
    if (authorized.kind === 'refused')
      deployed.log.write(`(a request was answered ${authorized.status}: ${authorized.why})`);
    return authorized;
  }

  async #authorized(
    spec: FunctionSpec,
    { authorization, isInternal }: EndpointRequest,
  ): Promise<Authorization> {
    const { name, url } = spec;
    const refused = (status: 401 | 403 | 404, why: string): Authorization => ({
      kind: 'refused',
      status,
      why,
    });
    if (spec.isInternal === true && !isInternal)
      return refused(404, `it came from outside, and the ingress of ${name} is internal`);
    if (spec.isUnchecked === true || this.#options.mayEveryoneInvoke?.(name) === true)
      return { kind: 'admitted', isOpen: true };
    // Without a token everybody is allUsers, who are simply not granted the right.
    if (authorization === undefined || authorization === '')
      return refused(403, `it carried no token, and run.routes.invoke on ${name} is not granted to allUsers`);
    const email = await this.#options.verifyIdToken(authorization, url);
    if (email === undefined) return refused(401, `it carried no valid ID token for ${url}`);
    if (this.#options.mayInvoke(email, name)) return { kind: 'admitted', isOpen: false };
    return refused(403, `${email} does not have run.routes.invoke on ${name}`);
  }

  /**
   * The function's own answer, of any status. Throws `ApiError` 429 when no place came free, 500 when the
   * instance could not start or died, 504 after the timeout; then the instance continues its work.
   */
  async invoke(name: string, call: Call): Promise<Answer> {
    const deployed = this.#named(name);
    if (!(await deployed.slots.take())) {
      throw new ApiError(429, 'rateLimitExceeded', `${name}: no available instance.`);
    }
    let isStreamed = false;
    try {
      const answer = await this.#withinTimeout(deployed, this.#answer(deployed, call));
      if (!Buffer.isBuffer(answer.body)) {
        isStreamed = true;
        answer.body.once('close', () => deployed.slots.release());
      }
      return answer;
    } finally {
      if (!isStreamed) deployed.slots.release();
    }
  }

  async #answer(deployed: Deployed, call: Call): Promise<Answer> {
    let instance: Instance | undefined;
    try {
      instance = await this.#instanceOf(deployed);
      return await instance.call(call);
    } catch (error) {
      // A dying process closes its sockets a moment before its end is known; the next request must not meet it.
      if (instance)
        await Promise.race([instance.died, setTimeout(LONGEST_DYING_MS, undefined, { ref: false })]);
      const cause = error instanceof Error ? error.message : String(error);
      throw new ApiError(500, 'internalError', `${deployed.spec.name}: ${cause}`);
    }
  }

  #withinTimeout(deployed: Deployed, answer: Promise<Answer>): Promise<Answer> {
    const { clock } = this.#options;
    const { name, timeoutSeconds } = deployed.spec;
    return new Promise((resolve, reject) => {
      const cancelTimer = clock.at(clock.now() + timeoutSeconds * 1000, () => {
        deployed.log.write(`(the request was cut after ${timeoutSeconds} s; its work continues)`);
        reject(new ApiError(504, 'timeout', `${name} did not answer within ${timeoutSeconds} s.`));
      });
      answer
        .then(resolve, reject)
        .finally(cancelTimer)
        .catch(() => undefined);
    });
  }

  #named(name: string): Deployed {
    const deployed = this.#deployed.get(name);
    if (deployed === undefined) throw notFound(`There is no function ${name}.`);
    return deployed;
  }

  #instanceOf(deployed: Deployed): Promise<Instance> {
    if (this.#stopping) return Promise.reject(new Error('the local cloud is stopping'));
    return (deployed.instance ??= this.#startInstance(deployed));
  }

  #startInstance(deployed: Deployed): Promise<Instance> {
    const { sourceFile } = deployed.spec;
    const { nodeOptions = [], startInstance: start = startInstance } = this.#options;
    const starting = this.#environmentOf(deployed.spec).then((env) =>
      start({ sourceFile, env, nodeOptions }, deployed.log),
    );
    const forget = (why: string): void => {
      if (deployed.instance === starting) deployed.instance = undefined;
      deployed.log.write(`(the instance ended: ${why})`);
    };
    starting.then(
      (instance) => void instance.died.then(forget),
      (error: Error) => forget(error.message),
    );
    return starting;
  }

  async #environmentOf(spec: FunctionSpec): Promise<Record<string, string>> {
    const compileCache = join(this.#options.logFolder, '..', 'compile-cache');
    mkdirSync(compileCache, { recursive: true });
    return {
      NODE_COMPILE_CACHE: compileCache,
      // Several clouds may share one cache.
      ...inherited('PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE', 'NODE_COMPILE_CACHE_PORTABLE'),
      // The default of Google's buildpack.
      NODE_ENV: 'production',
      ...(await this.#options.envOf(spec.serviceAccountEmail)),
      ...spec.env,
      K_SERVICE: spec.name,
      K_REVISION: `${spec.name}-00001`,
      K_CONFIGURATION: spec.name,
      FUNCTION_TARGET: spec.entryPoint,
      FUNCTION_SIGNATURE_TYPE: 'http',
    };
  }
}

/** The resource on which a function's invokers are granted their role. */
export const functionResource = (projectId: string, name: string): string =>
  `projects/${projectId}/functions/${name}`;

async function retire(deployed: Deployed): Promise<void> {
  try {
    await (await deployed.instance)?.stop();
  } catch {
    // It never came up.
  }
}

function inherited(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
