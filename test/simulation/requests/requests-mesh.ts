// The mesh of one seed of requests: the real functions over the simulated cloud in virtual time, with faults and people.
import { messageOf } from '../../../shared/errors.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { bucketPort } from '../bucket-port.ts';
import { WholeClock } from '../clock.ts';
import { openCloud, type OpenCloud } from '../cloud.ts';
import { Decisions, drawn } from '../decisions.ts';
import { Deliveries, type Weather } from '../deliveries.ts';
import { Instances } from '../instances.ts';
import type { Wiring } from '../wiring.ts';
import { Wire, type Instance } from '../wire.ts';
import { RequestsFunctions } from './functions.ts';
import { job } from './job.ts';
import { RequestsOracle } from './oracle.ts';
import { asksOf } from './people.ts';
import { People } from './clients.ts';
import { approvedSample, sample } from './sample.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const START_MS = Date.UTC(2025, 0, 6);
export const STORM_MS = 5 * HOUR_MS;
const FIRST_ASK_MS = 5 * MINUTE_MS;
const LAST_ASK_MS = 3.5 * HOUR_MS;
const FIRST_SWEEP_MS = START_MS + 3 * MINUTE_MS;
const SWEEP_EVERY_MS = 10 * MINUTE_MS;
const SCHEDULER_RETRIES = 3;
const SCHEDULER_PAUSE_MS = 10_000;
const SHARE_WITH_APPROVAL = 0.3;
const LARGEST_SKEW_MS = 45 * MINUTE_MS;
const BUCKETS = ['runs', 'results', 'exports', 'requests', 'audit'];

export interface RequestsMeshOptions {
  readonly seed: number;
  readonly wiring: Wiring;
  /** Decisions to do without. */
  readonly without?: ReadonlySet<string>;
  readonly trace?: (line: string) => void;
}

export class RequestsMesh {
  readonly clock = new WholeClock(START_MS);
  readonly pipeline: RequestsPipeline;
  readonly decisions: Decisions;
  readonly cloud: OpenCloud;
  readonly oracle: RequestsOracle;
  readonly instances: Instances;
  readonly #functions: RequestsFunctions;
  readonly #people: People;
  readonly #weather: Weather;
  readonly #seed: number;
  readonly #wire: Wire;

  constructor({ seed, wiring, without = new Set(), trace }: RequestsMeshOptions) {
    this.#seed = seed;
    const asksApproval = drawn(seed, 'approval') < SHARE_WITH_APPROVAL;
    this.pipeline = asksApproval ? approvedSample : sample;
    this.#weather = weatherOf(seed, asksApproval);
    this.decisions = new Decisions(seed, without, () => this.clock.now());
    this.decisions.weather = this.#weather === 'storm' ? 0.2 + 2 * drawn(seed, 'roughness') ** 2 : 0;
    const stamp = () => new Date(this.clock.now()).toISOString().slice(5, 23);
    this.#wire = new Wire(this.clock, this.decisions, (line) => trace?.(`${stamp()} ${line}`));
    this.instances = new Instances(this.#wire);
    this.oracle = new RequestsOracle(this);
    this.cloud = this.#openCloud(wiring);
    const { publish } = this.cloud;
    this.#functions = new RequestsFunctions({
      ...{ wire: this.#wire, wiring, instances: this.instances, pipeline: this.pipeline },
      ...this.cloud,
      publish: (topic, message) => {
        this.oracle.onPublished(topic, message);
        publish(topic, message);
      },
    });
    this.#people = new People({
      ...{ wire: this.#wire, instances: this.instances, oracle: this.oracle, functions: this.#functions },
      storage: this.cloud.storage,
      asksApproval,
    });
    this.#begin();
  }

  get asksApproval(): boolean {
    return this.pipeline === approvedSample;
  }

  /** Lets virtual time pass, event by event; stops early once a law is broken. */
  async runUntil(untilMs: number): Promise<void> {
    while (this.oracle.violation === undefined) {
      const nextMs = this.clock.nextDueMs();
      if (nextMs === undefined || nextMs > untilMs) break;
      this.clock.advance(Math.max(0, nextMs - this.clock.now()));
      // The code that the event resumed runs on until each part has made its next call.
      do await new Promise((resolve) => setImmediate(resolve));
      while (this.#functions.isVerifying);
    }
    const leftMs = untilMs - this.clock.now();
    if (leftMs > 0 && this.oracle.violation === undefined) this.clock.advance(leftMs);
  }

  /** No more faults: work in progress continues, and what is due still happens. */
  calm(): void {
    this.decisions.weather = 0;
    this.#wire.trace('the storm is over');
  }

  /** One more request, whose run nothing disturbs. */
  async askOnceMore(): Promise<void> {
    const [last] = asksOf(this.#seed, 0, 1);
    if (last === undefined) return;
    const parameters = { what: 'the end', units: 1, ends: 'succeed' } as const;
    const quiet = {
      cancel: undefined,
      eraseAfterMs: undefined,
      otherAfterMs: undefined,
      decision: 'approve' as const,
    };
    this.#people.ask({ ...last, ...quiet, key: 'the-end', parameters, atMs: 0, decideAfterMs: MINUTE_MS });
  }

  close(): void {
    this.cloud.state.close();
  }

  #openCloud(wiring: Wiring): OpenCloud {
    const { oracle, instances } = this;
    const deliveries = new Deliveries({
      ...{ weather: this.#weather, wire: this.#wire, instances, oracle },
      receive: (...push) => this.#functions.receive(...push),
    });
    return openCloud({
      ...{ wire: this.#wire, wiring, pipeline: this.pipeline, buckets: BUCKETS },
      post: deliveries.receive,
      interference: deliveries.interfere,
      work: (key, container, compute) =>
        job(key, {
          runs: bucketPort(this.cloud.storage, 'runs', container, this.#wire),
          requests: bucketPort(this.cloud.storage, 'requests', container, this.#wire),
          results: bucketPort(this.cloud.storage, 'results', container, this.#wire),
          now: () => this.clock.now(),
          compute,
        }),
      onWritten: (bucket, name, text) => {
        oracle.onWritten(bucket, name, text);
        if (text !== undefined) this.#people.onWritten(name, text);
      },
      onRetired: () => undefined,
      onStart: (key, by) => oracle.onStart(key, by),
      onVisible: () => undefined,
      onEnded: (run) => this.#people.onExecutionEnded(run),
    });
  }

  #begin(): void {
    for (const ask of asksOf(this.#seed, FIRST_ASK_MS, LAST_ASK_MS))
      this.clock.at(START_MS + ask.atMs, () => {
        if (this.decisions.decide(`${ask.owner} ${ask.key}`, 'requests a run')) this.#people.ask(ask);
      });
    if (this.#weather !== 'events-only') this.#sweepAt(FIRST_SWEEP_MS, 1);
    for (let number = 1; number <= 2; number++) this.#planJump(`clock ${number}`);
  }

  #sweepAt(atMs: number, count: number): void {
    this.clock.at(atMs, () => {
      this.#sweepAt(atMs + SWEEP_EVERY_MS, count + 1);
      if (this.decisions.strike(`sweep ${count}`, { 'never comes': 0.04 }) === undefined)
        this.#scheduled((instance) => this.#functions.sweep(instance));
    });
  }

  /** As Cloud Scheduler calls, with its retries. */
  #scheduled(story: (instance: Instance) => Promise<void>, retries = SCHEDULER_RETRIES): void {
    const instance = this.instances.birth('sweep-runs', '-');
    this.instances
      .run(instance, () => story(instance))
      .catch((error: unknown) => {
        this.#wire.trace(`${instance.name}: ${messageOf(error)}`);
        if (retries === 0) return;
        this.clock.at(this.clock.now() + SCHEDULER_PAUSE_MS, () => this.#scheduled(story, retries - 1));
      });
  }

  /** The clock of some functions is off for a while, forward or back. */
  #planJump(key: string): void {
    const atMs = START_MS + drawn(this.#seed, `${key} when`) * STORM_MS;
    this.clock.at(atMs, () => {
      const way = this.decisions.strike(key, { 'jumps forward': 0.08, 'jumps back': 0.08 });
      if (way === undefined) return;
      const offMs = Math.round(drawn(this.#seed, `${key} how far`) ** 2 * LARGEST_SKEW_MS);
      const untilMs = atMs + drawn(this.#seed, `${key} how long`) * HOUR_MS;
      this.instances.jumps.push({ fromMs: atMs, untilMs, skewMs: way === 'jumps forward' ? offMs : -offMs });
    });
  }
}

/** A request that waits for an approver, or for its end, has only the sweep to end it. */
function weatherOf(seed: number, asksApproval: boolean): Weather {
  const chance = drawn(seed, 'weather');
  if (chance < 0.08 && !asksApproval) return 'events-only';
  return chance < 0.16 ? 'sweep-only' : 'storm';
}
