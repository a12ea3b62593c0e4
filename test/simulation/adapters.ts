// The ports of the functions over the simulated wire, one set for each instance.
import { pino } from 'pino';
import { messageOf, TransientError } from '../../shared/errors.ts';
import type { Adapters, Process } from '../../shared/functions/adapters.ts';
import type { Pipelines } from '../../shared/pipelines/registry.ts';
import { driveSource } from '../../shared/sources/drive.ts';
import { bucketPort } from './bucket-port.ts';
import type { SimulatedStorage } from './buckets.ts';
import type { SimulatedExecutions } from './executions.ts';
import type { SimulatedFolder } from './folder.ts';
import type { Instances } from './instances.ts';
import type { SimulatedWarehouse } from './warehouse.ts';
import { bucketHere } from './wiring.ts';
import type { Instance, Wire } from './wire.ts';

const SILENT = pino({ level: 'silent' });
// As in shared/google/functions.ts.
const LONGEST_CALL_MS = 240_000;

export interface AdaptedCloud {
  readonly wire: Wire;
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

/** Delivers a push to a function; the framework reads the topic's full name off the path. */
export type Receive = (name: string, instance: Instance, push: Push, path: string) => Promise<void>;

type NotSimulated = 'call' | 'deadLetters' | 'jobLog' | 'links' | 'recordedTraces' | 'tokenKeys';

/** Dead letters, commands, signed links, logs and traces are not simulated. */
type Ports = Omit<Adapters, NotSimulated> & Process;

export class SimulatedAdapters {
  readonly #cloud: AdaptedCloud;
  readonly #pipelines: Pipelines;
  readonly #receive: Receive;
  #ids = 0;

  constructor(cloud: AdaptedCloud, pipelines: Pipelines, receive: Receive) {
    this.#cloud = cloud;
    this.#pipelines = pipelines;
    this.#receive = receive;
  }

  /** Ports over the wire, for one instance. */
  of(instance: Instance): Ports {
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
      const ended = instances.run(called, () => this.#receive(name, called, push, `/${topic}`));
      await Promise.race([ended, tooLate]).catch((error: unknown) => {
        throw new TransientError(messageOf(error));
      });
    };
    return wire.call({ instance: by, what: `call ${name} for ${message.run}`, effect, retried: false });
  }
}

/** The name of the function at an address of the simulated mesh. */
export const functionAt = (url: string): string => new URL(url).hostname.replace('.local', '');
