// The four functions as they are deployed: the real compositions over the simulated cloud, called as the framework calls them.
import { pino } from 'pino';
import { composeDetectChanges } from '../../functions/detect-changes/compose.ts';
import type { Answer } from '../../functions/detect-changes/decide.ts';
import detectChanges from '../../functions/detect-changes/function.ts';
import { composePublishOutput } from '../../functions/publish-output/compose.ts';
import publishOutput from '../../functions/publish-output/function.ts';
import { composeStartRun } from '../../functions/start-run/compose.ts';
import startRun from '../../functions/start-run/function.ts';
import { composeSweepRuns } from '../../functions/sweep-runs/compose.ts';
import sweepRuns from '../../functions/sweep-runs/function.ts';
import { messageOf, TransientError } from '../../shared/errors.ts';
import type { HttpAnswer } from '../../shared/events/answer.ts';
import { PUBSUB_EVENT, SWEEP_CALL } from '../../shared/events/messages.ts';
import type { Adapters, Process } from '../../shared/functions/adapters.ts';
import { configOf } from '../../shared/functions/declaration.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Pipelines } from '../../shared/pipelines/registry.ts';
import { driveSource } from '../../shared/sources/drive.ts';
import { bucketPort, type SimulatedStorage } from './buckets.ts';
import type { SimulatedExecutions } from './executions.ts';
import type { SimulatedFolder } from './folder.ts';
import type { Instances } from './instances.ts';
import type { SimulatedWarehouse } from './warehouse.ts';
import { bucketHere, type Wiring } from './wiring.ts';
import type { Instance, Wire } from './wire.ts';

const SILENT = pino({ level: 'silent' });
// As in shared/google/functions.ts.
const LONGEST_CALL_MS = 240_000;
const SCHEDULER = 'scheduler@simulation.test';

export interface Cloud {
  readonly pipeline: Pipeline;
  readonly wire: Wire;
  readonly wiring: Wiring;
  readonly storage: SimulatedStorage;
  readonly folder: SimulatedFolder;
  readonly executions: SimulatedExecutions;
  readonly warehouse: SimulatedWarehouse;
  /** Publishes JSON to the topic of that short name. */
  readonly publish: (topic: string, message: object) => void;
  readonly instances: Instances;
}

/** A Pub/Sub message as a push carries it. */
export interface Push {
  readonly message: { readonly data: string; readonly messageId: string };
}

export class Functions {
  readonly #cloud: Cloud;
  readonly #configs: ReturnType<typeof configsOf>;
  readonly #pipelines: Pipelines;
  #ids = 0;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#pipelines = new Map([[cloud.pipeline.name, cloud.pipeline]]);
    this.#configs = configsFor(cloud.wiring, cloud.pipeline, this.#pipelines);
  }

  /** What the tick answers to its caller: the schedule, or handle-commands for an operator. */
  async tick(instance: Instance, nonce: string | null): Promise<Answer> {
    const config = this.#configs.detectChanges;
    const call = composeDetectChanges(config, this.#adapters(instance));
    const [email, asked] =
      nonce === null ? [SCHEDULER, {}] : [config.COMMAND_HANDLER, { nonce, by: 'simulation' }];
    const headers = { authorization: `Bearer header.${claims(email)}.signature` };
    const body = { pipeline: this.#cloud.pipeline.name, ...asked };
    return answerIn(await call({ method: 'POST', headers, body })) as Answer;
  }

  /** The call of the sweep's schedule. */
  async sweep(instance: Instance): Promise<void> {
    const call = composeSweepRuns(this.#configs.sweepRuns, this.#adapters(instance));
    answerIn(await call({ method: 'POST', headers: {}, body: SWEEP_CALL }));
  }

  /** A push at the address of a function; the framework reads the topic's full name off the path. */
  async receive(name: string, instance: Instance, push: Push, path: string): Promise<void> {
    const adapters = this.#adapters(instance);
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

  /** Ports over the wire, for one instance; dead letters and commands are not simulated. */
  #adapters(instance: Instance): Omit<Adapters, 'call' | 'deadLetters' | 'links' | 'tokenKeys'> & Process {
    const { storage, folder, executions, warehouse, wire } = this.#cloud;
    return {
      pipelines: this.#pipelines,
      now: () => wire.clock.now() + instance.skewMs,
      newId: () => `id-${++this.#ids}`,
      wait: (ms) => wire.pause(instance, ms),
      createLog: () => SILENT,
      openTracing: () => ({ during: (work) => work() }),
      objects: (bucket) => bucketPort(storage, bucketHere(bucket), instance, wire),
      sources: (_, runs) => {
        const drive = driveSource(folder.port(instance, wire), runs);
        return { 'drive-folder': drive, bucket: drive };
      },
      jobs: () => executions.port(instance),
      warehouse: () => warehouse.port(instance, wire),
      topic: (name) => ({
        publish: (message) => {
          const effect = () => this.#cloud.publish(name, message as object);
          return wire.call({ instance, what: `pubsub.publish ${name}`, effect, retried: true });
        },
      }),
      deliver: (url, topic) => ({
        publish: (message) => this.#byHand(instance, url, topic, message as { readonly run: string }),
      }),
    };
  }

  /** As `functionCaller` does: an error can mean that the function did its work all the same. */
  #byHand(by: Instance, url: string, topic: string, message: { readonly run: string }): Promise<void> {
    const { wire, instances } = this.#cloud;
    const name = functionAt(url);
    const data = Buffer.from(JSON.stringify(message)).toString('base64');
    const push = { message: { data, messageId: 'by-hand' } };
    const effect = async () => {
      const called = instances.birth(name, message.run);
      const tooLate = new Promise<never>((_, reject) => {
        wire.clock.at(wire.clock.now() + LONGEST_CALL_MS, () =>
          reject(new TransientError(`${name}: timed out`)),
        );
      });
      // No caller waits for a call that ends after its caller has given up.
      tooLate.catch(() => undefined);
      const ended = instances.run(called, () => this.receive(name, called, push, `/${topic}`));
      await Promise.race([ended, tooLate]).catch((error: unknown) => {
        throw new TransientError(messageOf(error));
      });
    };
    return wire.call({ instance: by, what: `call ${name} for ${message.run}`, effect, retried: false });
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

/** The name of the function at an address of the simulated mesh. */
export const functionAt = (url: string): string => new URL(url).hostname.replace('.local', '');

const claims = (email: string): string => Buffer.from(JSON.stringify({ email })).toString('base64url');

/** What a caller makes of an answer: a failure, or its body. */
function answerIn({ status, body }: HttpAnswer): object {
  if (status < 300) return body;
  throw new Error((body as { readonly error: string }).error);
}
