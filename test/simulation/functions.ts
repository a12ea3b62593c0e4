// The four functions as their index.ts registers them: deliveries in, the real stories, ports over the wire.
import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { detectChanges, type Answer } from '../../functions/detect-changes/detect-changes.ts';
import { loadOutput } from '../../functions/load-output/load-output.ts';
import { replayOutput } from '../../functions/load-output/replay.ts';
import { startRun } from '../../functions/start-run/start-run.ts';
import { sweepRuns } from '../../functions/sweep-runs/sweep-runs.ts';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { finishedExecution } from '../../shared/events/finished-executions.ts';
import {
  loadRequested,
  messageOfDelivery,
  runRequested,
  type LoadRequested,
  type Publisher,
  type RunRequested,
} from '../../shared/events/messages.ts';
import { finishedObjectIn } from '../../shared/events/notifications.ts';
import { driveSource } from '../../shared/sources/drive.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { pipelineNamed } from '../../shared/pipelines/registry.ts';
import { parseManifestObject } from '../../shared/runs/names.ts';
import { bucketPort, type SimulatedStorage } from './buckets.ts';
import { pipeline } from './content.ts';
import type { SimulatedExecutions } from './executions.ts';
import type { SimulatedFolder } from './folder.ts';
import type { Instances } from './instances.ts';
import type { SimulatedWarehouse } from './warehouse.ts';
import type { Instance, Wire } from './wire.ts';

const SILENT = pino({ level: 'silent' });
const PIPELINES = new Map([[pipeline.name, pipeline]]);
// As in shared/google/functions.ts.
const LONGEST_CALL_MS = 240_000;
const SETTLE_MS = 5 * 60_000;
const OVERDUE_MS = 2 * 60_000;

export interface Cloud {
  readonly wire: Wire;
  readonly storage: SimulatedStorage;
  readonly folder: SimulatedFolder;
  readonly executions: SimulatedExecutions;
  readonly warehouse: SimulatedWarehouse;
  /** Publishes JSON to the topic of that short name. */
  readonly publish: (topic: string, message: object) => void;
  readonly instances: Instances;
}

export class Functions {
  readonly #cloud: Cloud;
  #ids = 0;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** What the tick answers to whoever asked for it. */
  async tick(instance: Instance, nonce: string | null): Promise<Answer> {
    const cause = { kind: nonce === null ? 'schedule' : 'person', by: 'simulation', reason: null } as const;
    const tick = { pipeline, place: 'folder', settleMs: SETTLE_MS, nonce, cause };
    return detectChanges(tick, { ...this.#common(instance), ...this.#messages(instance) });
  }

  async startRun(instance: Instance, data: unknown): Promise<void> {
    const message = messageOfDelivery(data, runRequested);
    pipelineNamed(PIPELINES, message.pipeline);
    const common = this.#common(instance);
    const source = driveSource(common.source, common.runs);
    await startRun(message, { ...common, ...this.#messages(instance), source });
  }

  async loadOutput(instance: Instance, data: unknown, messageId: string): Promise<void> {
    const ports = { ...this.#common(instance), ...this.#messages(instance) };
    const finished = finishedObjectIn(data);
    if (finished !== undefined) {
      const manifest = parseManifestObject(finished.name);
      return manifest && loadOutput({ ...manifest, pipeline }, ports);
    }
    const message = messageOfDelivery(data, loadRequested);
    const own = pipelineNamed(PIPELINES, message.pipeline);
    const { run, attempt, replay, overNewer } = message;
    if (attempt !== undefined) return loadOutput({ pipeline: own, run, attempt }, ports);
    const nonce = replay ?? createHash('sha256').update(messageId).digest('hex').slice(0, 16);
    await replayOutput({ pipeline: own, run, nonce, overNewer: overNewer ?? false }, ports);
  }

  async onFinished(instance: Instance, data: unknown): Promise<void> {
    messageOfDelivery(data, finishedExecution('simulation'));
    await this.sweep(instance);
  }

  /** No topic in between: the sweep calls the functions itself (law 7). */
  async sweep(instance: Instance): Promise<void> {
    const start: Publisher<RunRequested> = {
      publish: (message) =>
        this.#byHand(instance, 'start-run', message.run, (other) => this.startRun(other, delivery(message))),
    };
    const load: Publisher<LoadRequested> = {
      publish: (message) =>
        this.#byHand(instance, 'load-output', message.run, (other) =>
          this.loadOutput(other, delivery(message), 'by-hand'),
        ),
    };
    const swept = await sweepRuns(pipeline, {
      ...this.#common(instance),
      runRequested: start,
      loadRequested: load,
      overdueMs: OVERDUE_MS,
    });
    if (swept.problems.length > 0) throw new TransientError(swept.problems.join('; '));
  }

  #common(instance: Instance) {
    const { storage, folder, executions, warehouse, wire } = this.#cloud;
    return {
      runs: this.#bucket('runs', instance),
      results: this.#bucket('results', instance),
      exports: this.#bucket('exports', instance),
      source: folder.port(instance, wire),
      jobs: executions.port(instance),
      warehouse: warehouse.port(instance, wire),
      now: () => wire.clock.now() + instance.skewMs,
      newId: () => `id-${++this.#ids}`,
      log: SILENT,
      storage,
    };
  }

  #bucket(name: string, instance: Instance): ObjectStore {
    return bucketPort(this.#cloud.storage, name, instance, this.#cloud.wire);
  }

  #messages(instance: Instance) {
    const publisher = (topic: string) => ({
      publish: (message: object) =>
        this.#cloud.wire.call({
          instance,
          what: `pubsub.publish ${topic}`,
          effect: () => this.#cloud.publish(topic, message),
          retried: true,
        }),
    });
    return { runRequested: publisher('run-requested') };
  }

  /** As `functionCaller` does: an error can mean that the function did its work all the same. */
  #byHand(
    by: Instance,
    name: string,
    subject: string,
    story: (instance: Instance) => Promise<void>,
  ): Promise<void> {
    const { wire } = this.#cloud;
    const effect = async () => {
      const called = this.#cloud.instances.birth(name, subject);
      const tooLate = new Promise<never>((_, reject) => {
        wire.clock.at(wire.clock.now() + LONGEST_CALL_MS, () =>
          reject(new TransientError(`${name}: timed out`)),
        );
      });
      // A call that ends after its caller has given up is nobody's any more.
      tooLate.catch(() => undefined);
      const ended = this.#cloud.instances.run(called, () => story(called));
      await Promise.race([ended, tooLate]).catch((error: unknown) => {
        throw new TransientError(messageOf(error));
      });
    };
    return wire.call({ instance: by, what: `call ${name} for ${subject}`, effect, retried: false });
  }
}

const delivery = (message: object): object => ({
  message: { data: Buffer.from(JSON.stringify(message)).toString('base64'), messageId: 'by-hand' },
});
