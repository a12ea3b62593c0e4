// The mesh of one seed: the real functions over the simulated cloud in virtual time, with faults and operators.
import { messageOf } from '../../shared/errors.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import {
  actionsOf,
  FIRST_TICK_MS,
  START_MS,
  TICK_EVERY_MS,
  type Action,
  type Occasion,
  type Operations,
} from './actions.ts';
import { bucketPort } from './bucket-port.ts';
import { WholeClock } from './clock.ts';
import { openCloud, type OpenCloud } from './cloud.ts';
import { pipeline, pipelineWithoutTables } from './content.ts';
import { Decisions, drawn } from './decisions.ts';
import { Deliveries, POISON, type Weather } from './deliveries.ts';
import { FLUX, OPENINGS, TRANSCO } from './folder.ts';
import { Functions } from './functions.ts';
import { Instances } from './instances.ts';
import { job } from './job.ts';
import { Oracle } from './oracle.ts';
import { folderNow, isComplete, pollIn } from './idle.ts';
import type { Wiring } from './wiring.ts';
import { Wire, type Instance } from './wire.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const STORM_MS = 5 * HOUR_MS;
/** By then the first run is under way. */
const FIRST_ACTION_MS = 40 * MINUTE_MS;
const FIRST_SWEEP_MS = START_MS + 3 * MINUTE_MS;
const SWEEP_EVERY_MS = 10 * MINUTE_MS;
const LARGEST_SKEW_MS = 45 * MINUTE_MS;
const ACCEPTS_AFTER_MS = 5 * MINUTE_MS;
const SCHEDULER_RETRIES = 3;
const SHARE_WITHOUT_TABLES = 0.3;
const SCHEDULER_PAUSE_MS = 10_000;
const DAY_MS = 24 * HOUR_MS;
// As in functions/sweep-runs/sweep-all.ts; nothing of it takes longer in a calm.
const TIDYING_MS = 3 * HOUR_MS;
const TIDIED_AFTER_MS = 15 * MINUTE_MS;

export interface SimulatedMeshOptions {
  readonly seed: number;
  readonly wiring: Wiring;
  /** Decisions to do without. */
  readonly without?: ReadonlySet<string>;
  readonly trace?: (line: string) => void;
}

export class SimulatedMesh {
  readonly clock = new WholeClock(START_MS);
  readonly pipeline: Pipeline;
  readonly decisions: Decisions;
  readonly cloud: OpenCloud;
  readonly oracle: Oracle;
  readonly instances: Instances;
  readonly #functions: Functions;
  readonly #weather: Weather;
  readonly #seed: number;
  readonly #wire: Wire;
  /** What people do when something comes to pass. */
  #awaited: Action[] = [];
  #acceptances = 0;
  #standsStill = false;

  constructor({ seed, wiring, without = new Set(), trace }: SimulatedMeshOptions) {
    this.#seed = seed;
    this.#weather = weatherOf(seed);
    this.pipeline = drawn(seed, 'kinds') < SHARE_WITHOUT_TABLES ? pipelineWithoutTables : pipeline;
    this.decisions = new Decisions(seed, without, () => this.clock.now());
    this.decisions.weather = this.#weather === 'storm' ? 0.2 + 2 * drawn(seed, 'roughness') ** 2 : 0;
    const stamp = () => new Date(this.clock.now()).toISOString().slice(5, 23);
    this.#wire = new Wire(this.clock, this.decisions, (line) => trace?.(`${stamp()} ${line}`));
    this.instances = new Instances(this.#wire);
    this.oracle = new Oracle(this);
    const parts = {
      weather: this.#weather,
      wire: this.#wire,
      instances: this.instances,
      oracle: this.oracle,
    };
    const deliveries = new Deliveries({
      ...parts,
      receive: (...push) => this.#functions.receive(...push),
    });
    this.cloud = openCloud({
      wire: this.#wire,
      wiring,
      pipeline,
      buckets: ['runs', 'results', 'exports'],
      post: deliveries.receive,
      interference: deliveries.interfere,
      work: (key, container, compute) =>
        job(key, {
          runs: bucketPort(this.cloud.storage, 'runs', container, this.#wire),
          results: bucketPort(this.cloud.storage, 'results', container, this.#wire),
          exports: bucketPort(this.cloud.storage, 'exports', container, this.#wire),
          pipeline: this.pipeline,
          now: () => this.clock.now(),
          compute,
        }),
      onWritten: (bucket, name, text) => {
        this.oracle.onWritten(bucket, name, text);
        if (name.endsWith('/output.json')) this.#come('output');
        if (name.endsWith('/lease.json') && text === undefined) this.#come('end');
      },
      onRetired: (bucket, name) => {
        if (bucket === 'exports') this.oracle.retention.onRetired(name);
      },
      onStart: (key, by) => this.oracle.onStart(key, by),
      onVisible: () => this.oracle.onVisible(),
    });
    const { instances } = this;
    this.#functions = new Functions({
      ...{ wire: this.#wire, wiring, instances, pipeline: this.pipeline },
      ...this.cloud,
    });
    this.#begin();
  }

  /** Lets virtual time pass, event by event; stops early once a law is broken. */
  async runUntil(untilMs: number): Promise<void> {
    while (this.oracle.violation === undefined) {
      const nextMs = this.clock.nextDueMs();
      if (nextMs === undefined || nextMs > untilMs) break;
      this.clock.advance(Math.max(0, nextMs - this.clock.now()));
      // The code that the event resumed runs on until each part has made its next call.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const leftMs = untilMs - this.clock.now();
    if (leftMs > 0 && this.oracle.violation === undefined) this.clock.advance(leftMs);
  }

  get isSwept(): boolean {
    return this.#weather !== 'events-only';
  }

  /** No more faults: work in progress continues, and what is due still happens. */
  calm(): void {
    this.decisions.weather = 0;
    this.#awaited = [];
    this.#wire.trace('the storm is over');
  }

  /** Days in which nothing is scheduled, up to the hour of the tidying; then its sweep comes. */
  async passDays(days: number): Promise<void> {
    const midnightMs = Math.floor(this.clock.now() / DAY_MS) * DAY_MS;
    this.#standsStill = true;
    this.clock.advance(midnightMs + days * DAY_MS + TIDYING_MS - this.clock.now());
    this.#standsStill = false;
    await this.runUntil(this.clock.now() + TIDIED_AFTER_MS);
  }

  close(): void {
    this.cloud.state.close();
  }

  #begin(): void {
    const { folder } = this.cloud;
    folder.add('flux', FLUX, 'first', false, START_MS);
    folder.add('transco', TRANSCO, 'first', drawn(this.#seed, 'sheet') < 0.4, START_MS);
    folder.add('openings', OPENINGS, 'first', false, START_MS);
    this.#every(TICK_EVERY_MS, FIRST_TICK_MS, 'tick', () => this.#tick(null));
    if (this.isSwept) {
      this.#every(SWEEP_EVERY_MS, FIRST_SWEEP_MS, 'sweep', () =>
        this.#scheduled('sweep-runs', (instance) => this.#functions.sweep(instance)),
      );
    }
    this.#every(TICK_EVERY_MS, FIRST_TICK_MS + ACCEPTS_AFTER_MS, 'operator', () => this.#acceptLoss());
    // Only a sweep can tell that an execution was cancelled.
    const actions = actionsOf(this.#seed, START_MS + FIRST_ACTION_MS, STORM_MS - HOUR_MS, this.isSwept);
    for (const action of actions)
      this.clock.at(action.atMs, () =>
        action.at === undefined ? this.#act(action) : this.#awaited.push(action),
      );
    for (let number = 1; number <= 2; number++) this.#planJump(`clock ${number}`);
  }

  #come(occasion: Occasion): void {
    const due = this.#awaited.filter(({ at }) => at?.occasion === occasion);
    this.#awaited = this.#awaited.filter((action) => !due.includes(action));
    for (const action of due)
      this.clock.at(this.clock.now() + (action.at?.soonMs ?? 0), () => this.#act(action));
  }

  #act({ key, kind, act }: Action): void {
    if (!this.decisions.decide(key, kind)) return;
    this.#wire.trace(`${key} ${kind}`);
    act(this.#operations());
  }

  #operations(): Operations {
    const { folder, executions, publish } = this.cloud;
    return {
      folder,
      now: () => this.clock.now(),
      replay: ({ pick, nonce, allowOlder, rollback, times }) => {
        const run = nth(this.oracle.acceptedRuns(), pick);
        if (run === undefined) return;
        const named = nonce === undefined ? {} : { replay: nonce };
        for (let time = 0; time < times; time++) {
          const message = { pipeline: pipeline.name, run, allowOlder, rollback, ...named };
          this.oracle.onReplayAsked(run, nonce, allowOlder, publish('load-requested', message));
        }
      },
      pin: ({ pick, nonce, pinned, times }) => {
        const run = nth(this.oracle.acceptedRuns(), pick);
        if (run === undefined) return;
        this.oracle.onPinAsked(run, nonce);
        for (let time = 0; time < times; time++)
          publish('load-requested', { pipeline: pipeline.name, run, replay: nonce, pin: pinned });
      },
      rollBackModel: ({ pick, to, nonce, times }) => {
        const run = nth(this.oracle.acceptedRuns(), pick);
        const champion = this.oracle.exports.championNow();
        const target = nth(this.oracle.exports.publicationsOfRuns(), to);
        if (run === undefined || champion === undefined || target === undefined) return;
        const modelRollback = { model: champion.output, to: target, replaces: champion.publication };
        this.oracle.onModelRollbackAsked(run, nonce, modelRollback);
        for (let time = 0; time < times; time++)
          publish('load-requested', { pipeline: pipeline.name, run, replay: nonce, modelRollback });
      },
      cancel: (pick) => {
        const execution = nth(executions.running(), pick);
        if (execution === undefined || execution.cancelRequested) return;
        this.oracle.onCancelledByHand(execution);
        executions.cancel(execution.name, 'cancelled by hand');
      },
      force: (nonce) => this.#tick(nonce),
      poison: (pick) => {
        const text = nth(POISON, pick) ?? '';
        this.oracle.onPoison(text);
        publish(pick < 0.5 ? 'run-requested' : 'load-requested', text);
      },
    };
  }

  /** The clock of some functions is off for a while, forward or back. */
  #planJump(key: string): void {
    const atMs = START_MS + drawn(this.#seed, `${key} when`) * STORM_MS;
    this.clock.at(atMs, () => {
      const way = this.decisions.strike(key, { 'jumps forward': 0.15, 'jumps back': 0.15 });
      if (way === undefined) return;
      const offMs = Math.round(drawn(this.#seed, `${key} how far`) ** 2 * LARGEST_SKEW_MS);
      const untilMs = atMs + drawn(this.#seed, `${key} how long`) * HOUR_MS;
      this.instances.jumps.push({ fromMs: atMs, untilMs, skewMs: way === 'jumps forward' ? offMs : -offMs });
    });
  }

  #tick(nonce: string | null): void {
    this.#scheduled('detect-changes', async (instance) => {
      const answer = await this.#functions.tick(instance, nonce);
      if (nonce !== null && answer.kind === 'requested') this.oracle.onForced(nonce, answer.run);
    });
  }

  /** An operator forces a run of a folder that is complete and waits all the same: a year has disappeared from it. */
  #acceptLoss(): void {
    if (pollIn(this.cloud) !== 'waiting-incomplete' || !isComplete(folderNow(this))) return;
    this.#tick(`accepts-${++this.#acceptances}`);
  }

  /** As Cloud Scheduler calls, with its retries. */
  #scheduled(name: string, story: (instance: Instance) => Promise<void>, retries = SCHEDULER_RETRIES): void {
    const instance = this.instances.birth(name, '-');
    this.instances
      .run(instance, () => story(instance))
      .catch((error: unknown) => {
        this.#wire.trace(`${instance.name}: ${messageOf(error)}`);
        if (retries === 0) return;
        const again = () => this.#scheduled(name, story, retries - 1);
        this.clock.at(this.clock.now() + SCHEDULER_PAUSE_MS, again);
      });
  }

  #every(everyMs: number, firstMs: number, key: string, act: () => void): void {
    let count = 0;
    const fire = (): void => {
      this.clock.at(this.clock.now() + everyMs, fire);
      if (this.#standsStill) return;
      if (this.decisions.strike(`${key} ${++count}`, { 'never comes': 0.04 }) === undefined) act();
    };
    this.clock.at(firstMs, fire);
  }
}

function weatherOf(seed: number): Weather {
  const chance = drawn(seed, 'weather');
  if (chance < 0.08) return 'events-only';
  return chance < 0.16 ? 'sweep-only' : 'storm';
}

const nth = <T>(items: readonly T[], chance: number): T | undefined =>
  items[Math.floor(chance * items.length)];
