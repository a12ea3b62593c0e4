// The four functions as they are deployed: the real compositions over the simulated cloud, called as the framework calls them.
import { composeDetectChanges } from '../../functions/detect-changes/compose.ts';
import type { Answer } from '../../functions/detect-changes/decide.ts';
import detectChanges from '../../functions/detect-changes/function.ts';
import { composePublishOutput } from '../../functions/publish-output/compose.ts';
import publishOutput from '../../functions/publish-output/function.ts';
import { composeStartRun } from '../../functions/start-run/compose.ts';
import startRun from '../../functions/start-run/function.ts';
import { composeSweepRuns } from '../../functions/sweep-runs/compose.ts';
import sweepRuns from '../../functions/sweep-runs/function.ts';
import type { HttpAnswer } from '../../shared/events/answer.ts';
import { PUBSUB_EVENT, SWEEP_CALL } from '../../shared/events/messages.ts';
import { configOf } from '../../shared/functions/declaration.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Pipelines } from '../../shared/pipelines/registry.ts';
import { SimulatedAdapters, type AdaptedCloud, type Push } from './adapters.ts';
import type { Wiring } from './wiring.ts';
import type { Instance } from './wire.ts';

const SCHEDULER = 'scheduler@simulation.test';

export interface Cloud extends AdaptedCloud {
  readonly pipeline: Pipeline;
  readonly wiring: Wiring;
}

export class Functions {
  readonly #cloud: Cloud;
  readonly #configs: ReturnType<typeof configsOf>;
  readonly #adapters: SimulatedAdapters;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    const pipelines = new Map([[cloud.pipeline.name, cloud.pipeline]]);
    this.#adapters = new SimulatedAdapters(cloud, pipelines, (...push) => this.receive(...push));
    this.#configs = configsFor(cloud.wiring, cloud.pipeline, pipelines);
  }

  /** What the tick answers to its caller: the schedule, or handle-commands for an operator. */
  async tick(instance: Instance, nonce: string | null): Promise<Answer> {
    const config = this.#configs.detectChanges;
    const call = composeDetectChanges(config, this.#adapters.of(instance));
    const [email, asked] =
      nonce === null ? [SCHEDULER, {}] : [config.COMMAND_HANDLER, { nonce, by: 'simulation' }];
    const headers = { authorization: `Bearer header.${claims(email)}.signature` };
    const body = { pipeline: this.#cloud.pipeline.name, ...asked };
    return answerIn(await call({ method: 'POST', headers, body })) as Answer;
  }

  /** The call of the sweep's schedule. */
  async sweep(instance: Instance): Promise<void> {
    const call = composeSweepRuns(this.#configs.sweepRuns, this.#adapters.of(instance));
    answerIn(await call({ method: 'POST', headers: {}, body: SWEEP_CALL }));
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
        answerIn(await call({ method: 'POST', headers: {}, body: push }));
        return;
      }
      default:
        throw new RangeError(`a push reaches ${name}, which the simulation does not know`);
    }
  }
}

/** The functions read what the program gives them. */
const configsOf = ({ environmentOf }: Wiring, pipelines: Pipelines) => ({
  detectChanges: configOf(detectChanges, environmentOf[detectChanges.name] ?? {}, pipelines),
  startRun: configOf(startRun, environmentOf[startRun.name] ?? {}, pipelines),
  publishOutput: configOf(publishOutput, environmentOf[publishOutput.name] ?? {}, pipelines),
  sweepRuns: configOf(sweepRuns, environmentOf[sweepRuns.name] ?? {}, pipelines),
});

type Configs = ReturnType<typeof configsOf>;
const known = new WeakMap<Wiring, Map<Pipeline, Configs>>();

/** Read once a thread: the seeds differ in their pipeline only. */
function configsFor(wiring: Wiring, pipeline: Pipeline, pipelines: Pipelines): Configs {
  const configs = known.get(wiring)?.get(pipeline) ?? configsOf(wiring, pipelines);
  known.set(wiring, (known.get(wiring) ?? new Map<Pipeline, Configs>()).set(pipeline, configs));
  return configs;
}

const claims = (email: string): string => Buffer.from(JSON.stringify({ email })).toString('base64url');

/** What a caller makes of an answer: a failure, or its body. */
function answerIn({ status, body }: HttpAnswer): object {
  if (status < 300) return body;
  throw new Error((body as { readonly error: string }).error);
}
