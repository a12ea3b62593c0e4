// The functions of requested runs as they are deployed: the real compositions over the simulated cloud.
import { composeAcceptRequests } from '../../../functions/accept-requests/compose.ts';
import acceptRequests from '../../../functions/accept-requests/function.ts';
import { composePublishOutput } from '../../../functions/publish-output/compose.ts';
import publishOutput from '../../../functions/publish-output/function.ts';
import { composeStartRun } from '../../../functions/start-run/compose.ts';
import startRun from '../../../functions/start-run/function.ts';
import { composeSweepRuns } from '../../../functions/sweep-runs/compose.ts';
import sweepRuns from '../../../functions/sweep-runs/function.ts';
import { PUBSUB_EVENT, SWEEP_CALL } from '../../../shared/events/messages.ts';
import { configOf } from '../../../shared/functions/declaration.ts';
import type { Pipelines } from '../../../shared/pipelines/registry.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { SimulatedAdapters, type AdaptedCloud, type Push } from '../adapters.ts';
import type { Wiring } from '../wiring.ts';
import type { Instance } from '../wire.ts';
import { issuerKeys, tokenOf } from './tokens.ts';

export interface Cloud extends AdaptedCloud {
  readonly pipeline: RequestsPipeline;
  readonly wiring: Wiring;
}

/** A call of the API as a person sends it. */
export interface ApiCall {
  readonly by: string;
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  readonly key?: string;
  /** 32 hexadecimal digits. */
  readonly trace: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export class RequestsFunctions {
  readonly #cloud: Cloud;
  readonly #configs: ReturnType<typeof configsOf>;
  readonly #adapters: SimulatedAdapters;
  #verifying = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    const pipelines = new Map([[cloud.pipeline.name, cloud.pipeline]]);
    this.#adapters = new SimulatedAdapters(cloud, pipelines, (...push) => this.receive(...push));
    this.#configs = configsOf(cloud.wiring, pipelines);
  }

  async call(instance: Instance, call: ApiCall): Promise<ApiAnswer> {
    const given = await this.#verified(instance, () => this.#answer(instance, call));
    if (!('text' in given)) throw new TypeError(`${call.method} ${call.path} answered with a stream`);
    const parsed = given.text === '' ? {} : (JSON.parse(given.text) as ApiAnswer['body']);
    return { status: given.status, body: parsed };
  }

  async #answer(instance: Instance, { by, method, path, body, key, trace }: ApiCall) {
    const adapters = { ...this.#adapters.of(instance), tokenKeys: () => issuerKeys };
    const { answer } = composeAcceptRequests(this.#configs.acceptRequests, adapters);
    const authorization = `Bearer ${await tokenOf(by, this.#cloud.wire.clock.now())}`;
    const traceparent = `00-${trace}-${trace.slice(16)}-01`;
    return answer({
      ...{ method, path, query: '', tooLong: false, encoding: undefined },
      bytes: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      contentType: body === undefined ? undefined : 'application/json',
      headers: { authorization, traceparent },
      distinct: {
        authorization: [authorization],
        ...(key === undefined ? {} : { 'idempotency-key': [key] }),
      },
    });
  }

  /** Whether a token is being signed or verified: that takes real time, in which no virtual time may pass. */
  get isVerifying(): boolean {
    return this.#verifying > 0;
  }

  /** One after the other, so that a seed tells the same story whichever is verified first. */
  async #verified<T>(instance: Instance, answer: () => Promise<T>): Promise<T> {
    this.#verifying++;
    const before = this.#turn;
    let pass = (): void => undefined;
    this.#turn = new Promise((resolve) => (pass = resolve));
    await before;
    let isAnswered = false;
    const answering = answer().finally(() => (isAnswered = true));
    while (instance.calls === 0 && !isAnswered) await new Promise((resolve) => setImmediate(resolve));
    this.#verifying--;
    pass();
    return answering;
  }

  /** The call of the sweep's schedule. */
  async sweep(instance: Instance): Promise<void> {
    const call = composeSweepRuns(this.#configs.sweepRuns, this.#adapters.of(instance));
    throwFailure(await call({ method: 'POST', headers: {}, body: SWEEP_CALL }));
  }

  /** A push at the address of a function; the framework reads the topic's full name off the path. */
  async receive(name: string, instance: Instance, push: Push, path: string): Promise<void> {
    const adapters = this.#adapters.of(instance);
    const source = `//pubsub.googleapis.com${path}`;
    const event = { type: PUBSUB_EVENT, id: push.message.messageId, source, data: push };
    switch (name) {
      case startRun.name:
        return composeStartRun(this.#configs.startRun, adapters)(event);
      case publishOutput.name:
        return composePublishOutput(this.#configs.publishOutput, adapters)(event);
      case sweepRuns.name: {
        const call = composeSweepRuns(this.#configs.sweepRuns, adapters);
        return throwFailure(await call({ method: 'POST', headers: {}, body: push }));
      }
      default:
        throw new RangeError(`a push reaches ${name}, which the simulation does not know`);
    }
  }
}

/** The functions read what the program gives them. */
const configsOf = ({ environmentOf }: Wiring, pipelines: Pipelines) => ({
  acceptRequests: configOf(acceptRequests, environmentOf[acceptRequests.name] ?? {}, pipelines),
  startRun: configOf(startRun, environmentOf[startRun.name] ?? {}, pipelines),
  publishOutput: configOf(publishOutput, environmentOf[publishOutput.name] ?? {}, pipelines),
  sweepRuns: configOf(sweepRuns, environmentOf[sweepRuns.name] ?? {}, pipelines),
});

function throwFailure({ status, body }: { readonly status: number; readonly body: object }): void {
  if (status >= 300) throw new Error(String((body as { readonly error?: string }).error ?? status));
}
