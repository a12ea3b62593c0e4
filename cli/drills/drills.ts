// Starts a drill: plans its failure in the local cloud, and requests a run in which it strikes.
import { commandIdOf, commandResult } from '../../shared/commands/command.ts';
import { messageOf } from '../../shared/errors.ts';
import type { Cloud } from '../../local/cloud.ts';
import { OPERATOR } from '../../local/http/api.ts';
import { REGION } from '../local-mesh.ts';
import { KILLED, type Drill } from './catalog.ts';
import type { Deliveries } from './deliveries.ts';
import type { Happening } from './words.ts';

export interface Happened {
  readonly atMs: number;
  readonly what: Happening;
  /** What a service answered. */
  readonly answered?: string;
}

/** The newest are kept. */
const MOST_HAPPENED = 40;

export interface DrillPorts {
  readonly cloud: Pick<
    Cloud,
    'api' | 'functions' | 'functionUrl' | 'jobs' | 'metadata' | 'projectId' | 'scheduler'
  >;
  readonly deliveries: Deliveries;
  readonly now: () => number;
  readonly newId: () => string;
}

export class Drills {
  readonly #ports: DrillPorts;
  readonly #happened: Happened[] = [];
  #outage: { readonly url: RegExp; readonly untilMs: number } | undefined;
  #armed = 0;

  constructor(ports: DrillPorts) {
    this.#ports = ports;
    const { api } = ports.cloud;
    // The owner's own calls pass: the outage is of the mesh, not of the terminal.
    api.faults.alsoFrom(({ url, caller }) => {
      const outage = this.#outage;
      const isStruck = outage !== undefined && ports.now() < outage.untilMs && outage.url.test(url);
      return isStruck && caller !== OPERATOR ? 503 : undefined;
    });
  }

  /** Newest first. */
  get happened(): readonly Happened[] {
    return this.#happened;
  }

  /** Something was planned that has not struck yet, or a service is down. */
  get isUnderWay(): boolean {
    return this.#armed > 0 || (this.#outage?.untilMs ?? 0) > this.#ports.now();
  }

  async start(drill: Drill, pipeline: string): Promise<void> {
    this.stop();
    this.#note({ kind: 'planned', drill: drill.name, pipeline });
    this.#plan(drill, pipeline);
    await this.#requestRun(drill, pipeline);
  }

  /** Takes back what was planned and has not struck. */
  stop(): void {
    const { cloud, deliveries } = this.#ports;
    cloud.api.faults.clear();
    deliveries.clear();
    this.#outage = undefined;
    this.#armed = 0;
  }

  async sweep(): Promise<void> {
    const { scheduler, projectId } = this.#ports.cloud;
    const { status } = await scheduler.run(`projects/${projectId}/locations/${REGION}/jobs/sweep`);
    this.#note({ kind: 'swept', status });
  }

  #plan({ name: drill, strike }: Drill, pipeline: string): void {
    const { cloud, deliveries, now } = this.#ports;
    const account = (name: string) => `${name}@${cloud.projectId}.iam.gserviceaccount.com`;
    const struck = () => {
      this.#armed = 0;
      this.#note({ kind: 'struck', drill });
    };
    if (strike.kind === 'outage') {
      this.#outage = { url: strike.url, untilMs: now() + strike.ms };
      this.#note({ kind: 'outage', drill, seconds: strike.ms / 1000 });
      return;
    }
    this.#armed = 1;
    if (strike.kind === 'delivery') return deliveries.plan(strike.subscription, strike.fate, struck);
    const onStrike = () => {
      if (strike.kills === 'function') cloud.functions.kill(KILLED);
      if (strike.kills === 'job') cloud.jobs.crash(account(`sluice-${pipeline}-job`));
      struck();
    };
    cloud.api.faults.plan({ ...strike.fault({ pipeline, account }), onStrike });
  }

  /** As an operator at a terminal does: by a command, with a reason, which stands in the audit record. */
  async #requestRun({ name }: Drill, pipeline: string): Promise<void> {
    const { cloud, now, newId } = this.#ports;
    const url = cloud.functionUrl('handle-commands');
    const id = commandIdOf(now(), newId().replaceAll('-', '').slice(0, 12));
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await cloud.metadata.mintIdToken(OPERATOR, url)}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ verb: 'run', pipeline, reason: `drill: ${name}`, id }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`handle-commands answered ${answer.status}: ${text.slice(0, 500)}`);
      const { run, message } = commandResult.parse(JSON.parse(text));
      if (run === undefined) this.#note({ kind: 'not-requested' }, message);
      else this.#note({ kind: 'requested', run, pipeline });
    } catch (error) {
      this.#note({ kind: 'not-requested' }, messageOf(error));
    }
  }

  #note(what: Happening, answered?: string): void {
    this.#happened.unshift({
      ...{ atMs: this.#ports.now(), what },
      ...(answered === undefined ? {} : { answered }),
    });
    this.#happened.splice(MOST_HAPPENED);
  }
}
