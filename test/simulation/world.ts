// A mesh in virtual time: the real stories, over ports that lose, double, delay and die as a seed says.
import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { Readable } from 'node:stream';
import { detectChanges, type Mesh as Looking } from '../../functions/detect-changes/detect-changes.ts';
import { loadOutput, type Mesh as Loading } from '../../functions/load-output/load-output.ts';
import { startRun, type Mesh as Starting } from '../../functions/start-run/start-run.ts';
import { sweepRuns, type Mesh as Sweeping } from '../../functions/sweep-runs/sweep-runs.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { messageOf } from '../../shared/errors.ts';
import type { AttemptKey, Execution, JobRunner } from '../../shared/executions/runner.ts';
import { MemoryStore } from '../../shared/objects/memory.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { manifestObject, outputFolder } from '../../shared/runs/names.ts';
import type { SourceFolder } from '../../shared/sources/folder.ts';
import type { SourceFile } from '../../shared/sources/snapshot.ts';
import { behind, chanceFrom, Turnstile, type Instance, type Rates } from './chaos.ts';
import { LedgerWarehouse } from './ledger-warehouse.ts';

const MINUTE = 60_000;
const SILENT = pino({ level: 'silent' });
const HEADER = `${Object.keys(carmila.output.columns).join(',')}\n`;
const NAMES = ['2025 flux quotidiens.xlsx', 'Transco.xlsx', 'OE 2024.xlsx'];

export interface WorldOptions {
  readonly seed: number;
  readonly rates: Rates;
  /** Of every message and event: it never comes, or it comes twice. */
  readonly drop: number;
  readonly double: number;
  /** Of every execution: it crashes, or it hangs until it is cancelled. */
  readonly crash: number;
  readonly hang: number;
  readonly tickEveryMs: number;
  readonly settleMs: number;
}

type Ports = Looking & Starting & Loading & Sweeping;

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

export class World {
  readonly pipeline: Pipeline = { ...carmila, also: [] };
  readonly runs = new MemoryStore('runs');
  readonly results = new MemoryStore('results');
  readonly warehouse = new LedgerWarehouse(this.results);
  /** Executions that were started while another one was running. */
  readonly overlaps: string[] = [];
  nowMs = Date.UTC(2025, 0, 6);
  options: WorldOptions;
  readonly #chance: () => number;
  readonly #turnstile: Turnstile;
  readonly #content = new Map<string, { text: string; changedMs: number }>();
  readonly #executions: (Execution & { readonly key: AttemptKey })[] = [];
  #due: Due[] = [];
  #ordered = 0;
  #ids = 0;

  constructor(options: WorldOptions) {
    this.options = options;
    this.#chance = chanceFrom(options.seed);
    this.#turnstile = new Turnstile(this.#chance, options.rates);
    for (const name of NAMES) this.edit(name, 'first');
    this.#every(options.tickEveryMs, () =>
      this.#call('detect-changes', (instance) => this.#tick(instance), 0),
    );
    this.#every(10 * MINUTE, () => this.#call('sweep-runs', (instance) => this.#sweep(instance), 0));
  }

  /** A person saves a workbook. */
  edit(name: string, text: string): void {
    this.#content.set(name, { text, changedMs: this.nowMs });
  }

  /** Somebody saves that workbook again and again, at moments that the seed picks. */
  editOften(name: string, times: number, withinMs: number): void {
    for (let edit = 0; edit < times; edit++) {
      this.#at(this.nowMs + Math.floor(this.#chance() * withinMs), () => this.edit(name, `${name} ${edit}`));
    }
  }

  calm(): void {
    const none = { loseRequest: 0, loseAnswer: 0, kill: 0 };
    this.options = { ...this.options, rates: none, drop: 0, double: 0, crash: 0, hang: 0 };
    this.#turnstile.rates = none;
  }

  /** The content that the folder holds now, as a job would copy it into its output. */
  folderText(): string {
    return NAMES.map((name) => this.#content.get(name)?.text ?? '').join('|');
  }

  async runFor(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const next = this.#due.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      // A call takes about a second of virtual time, so calls and events of the same minute interleave.
      if (this.#turnstile.busy && (next === undefined || next.atMs > this.nowMs)) {
        this.nowMs += 500 + Math.floor(this.#chance() * 1000);
        await this.#turnstile.turn();
        continue;
      }
      if (next === undefined || next.atMs > untilMs) break;
      this.#due = this.#due.filter((due) => due !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.act();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  #at(atMs: number, act: () => void): void {
    this.#due.push({ atMs, order: this.#ordered++, act });
  }

  #every(ms: number, act: () => void): void {
    const again = (): void => {
      act();
      this.#at(this.nowMs + ms, again);
    };
    this.#at(this.nowMs + MINUTE, again);
  }

  /** One delivery to a function, and the redeliveries that follow when it fails or dies. */
  #call(name: string, story: (instance: Instance) => Promise<unknown>, redeliveries: number): void {
    const instance: Instance = { name, killed: false };
    let over = false;
    const again = (inMs: number): void => {
      if (over) return;
      over = true;
      if (redeliveries > 0) this.#at(this.nowMs + inMs, () => this.#call(name, story, redeliveries - 1));
    };
    // A killed instance answers nothing: its delivery comes again after the ack deadline.
    this.#at(this.nowMs + 10 * MINUTE, () => again(0));
    story(instance).then(
      () => (over = true),
      (error: unknown) => {
        if (process.env.SIMULATION_TRACE) process.stderr.write(`${name}: ${messageOf(error)}\n`);
        again(10_000);
      },
    );
  }

  #send(name: string, story: (instance: Instance) => Promise<unknown>): void {
    const fate = this.#chance();
    if (fate < this.options.drop) return;
    const times = fate < this.options.drop + this.options.double ? 2 : 1;
    for (let copy = 0; copy < times; copy++) {
      this.#at(this.nowMs + Math.floor(this.#chance() * 5 * MINUTE), () => this.#call(name, story, 9));
    }
  }

  #ports(instance: Instance, asks: 'by-message' | 'by-call' = 'by-message'): Ports {
    const ports = {
      runs: this.runs,
      results: this.results,
      source: this.#source(),
      jobs: this.#jobs(),
      warehouse: this.warehouse,
      runRequested: {
        publish: async (message: { pipeline: string; run: string }) =>
          this.#send('start-run', (other) => startRun(message, this.#ports(other))),
      },
    };
    const guarded = Object.fromEntries(
      Object.entries(ports).map(([name, port]) => [name, behind(this.#turnstile, instance, port)]),
    ) as typeof ports;
    return {
      loadRequested: { publish: async () => undefined },
      ...guarded,
      ...(asks === 'by-message' ? {} : this.#functions()),
      now: () => this.nowMs,
      newId: () => `id-${++this.#ids}`,
      log: SILENT,
      overdueMs: 2 * MINUTE,
    };
  }

  /** The sweep calls the functions itself, and sees how they fare. */
  #functions(): Pick<Ports, 'runRequested' | 'loadRequested'> {
    const called = (name: string): Instance => ({ name, killed: false });
    return {
      runRequested: {
        publish: (message: { pipeline: string; run: string }) =>
          startRun(message, this.#ports(called('start-run'))),
      },
      loadRequested: {
        publish: ({ run, attempt }: { run: string; attempt?: number | undefined }) =>
          this.#load(called('load-output'), run, attempt ?? 1),
      },
    };
  }

  #tick(instance: Instance) {
    const tick = {
      pipeline: this.pipeline,
      folderId: 'folder',
      settleMs: this.options.settleMs,
      nonce: null,
    };
    return detectChanges(tick, this.#ports(instance));
  }

  #sweep = (instance: Instance) => sweepRuns(this.pipeline, this.#ports(instance, 'by-call'));

  #load = (instance: Instance, run: string, attempt: number) =>
    loadOutput({ pipeline: this.pipeline, run, attempt }, this.#ports(instance));

  #source(): SourceFolder {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const file = (name: string): SourceFile => {
      const { text, changedMs } = this.#content.get(name) ?? { text: '', changedMs: 0 };
      const content = { kind: 'md5', md5Hex: md5(text) } as const;
      return { id: name, name, content, sizeBytes: text.length, modifiedAtMs: changedMs };
    };
    return {
      list: async () => NAMES.map(file),
      read: async ({ name }) => Readable.from([this.#content.get(name)?.text ?? '']),
      contentNow: async ({ name }) => file(name).content,
    };
  }

  #jobs(): JobRunner {
    return {
      start: async (key) => {
        const busy = this.#executions.find((other) => other.state === 'running');
        if (busy !== undefined) this.overlaps.push(`${key.run} started while ${busy.key.run} was running`);
        const name = `execution-${this.#executions.length + 1}`;
        const started = { name, key, state: 'running', startedAtMs: this.nowMs } as const;
        this.#executions.push({ ...started, completedAtMs: undefined, message: undefined });
        this.#fateOf(name, key);
        return name;
      },
      find: async (key) =>
        this.#executions.findLast((other) => JSON.stringify(other.key) === JSON.stringify(key)),
      get: async (name) => this.#executions.find((other) => other.name === name),
      cancel: async (name) => this.#end(name, 'cancelled'),
    };
  }

  #fateOf(name: string, key: AttemptKey): void {
    const fate = this.#chance();
    const inMs = Math.floor((1 + this.#chance() * 20) * MINUTE);
    if (fate < this.options.hang) return;
    if (fate < this.options.hang + this.options.crash) {
      this.#at(this.nowMs + inMs, () => this.#end(name, 'failed'));
      return;
    }
    this.#at(this.nowMs + inMs, () => {
      if (this.#executions.find((other) => other.name === name)?.state !== 'running') return;
      void this.#writeOutput(key).then(() => this.#end(name, 'succeeded'));
    });
  }

  #end(name: string, state: Execution['state']): void {
    const index = this.#executions.findIndex((other) => other.name === name);
    const found = this.#executions[index];
    if (found?.state === 'running') {
      this.#executions[index] = { ...found, state, completedAtMs: this.nowMs, message: state };
    }
  }

  /** The job: its output is the frozen input's text, so that a table tells which folder it came from. */
  async #writeOutput({ pipeline, run, attempt }: AttemptKey): Promise<void> {
    const frozen = await this.runs.list(`${pipeline}/${run}/input/`, 10);
    const texts = new Map<string, string>();
    for (const { name } of frozen) texts.set(name, (await this.runs.readText(name, 1000))?.text ?? '');
    const role = (word: string) => [...texts].find(([name]) => name.includes(`/${word}-`))?.[1] ?? '';
    const object = `${outputFolder(pipeline, run, attempt)}predictions.csv`;
    await this.results.create(
      object,
      `${HEADER}${role('flux')}|${role('transco')}|${role('openings')}`,
      'text/csv',
    );
    const info = await this.results.info(object);
    const manifest = {
      kind: 'output',
      pipeline,
      run,
      attempt,
      files: [{ name: 'predictions.csv', object, sizeBytes: info?.sizeBytes, crc32c: info?.crc32c }],
      rows: 1,
      writtenAt: new Date(this.nowMs).toISOString(),
    };
    await this.results.create(
      manifestObject(pipeline, run, attempt),
      JSON.stringify(manifest),
      'application/json',
    );
    this.#send('load-output', (instance) => this.#load(instance, run, attempt));
  }
}
