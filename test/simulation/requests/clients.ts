// The people at their clients: they call the API, call again when no answer comes, and act on what they are told.
import { messageOf } from '../../../shared/errors.ts';
import { dispatchState } from '../../../shared/requests/dispatch.ts';
import { jobIdOf, requestedRunOf } from '../../../shared/requests/names.ts';
import type { SimulatedStorage } from '../buckets.ts';
import { shortOf } from '../executions.ts';
import type { Instances } from '../instances.ts';
import type { Wire } from '../wire.ts';
import type { ApiAnswer, ApiCall, RequestsFunctions } from './functions.ts';
import type { RequestsOracle } from './oracle.ts';
import type { Ask, Cancel } from './people.ts';
import { APPROVER, sample } from './sample.ts';
import { ownerOfName } from './tokens.ts';

const TRIES = 6;
const PAUSE_MS = 20_000;
/** A client gives up an answer after this. */
const PATIENCE_MS = 60_000;

export interface PeopleParts {
  readonly wire: Wire;
  readonly instances: Instances;
  readonly oracle: RequestsOracle;
  readonly functions: RequestsFunctions;
  readonly storage: SimulatedStorage;
  readonly asksApproval: boolean;
}

export class People {
  readonly #parts: PeopleParts;
  /** Cancels that wait for what a run does. */
  readonly #awaited = new Map<string, { readonly cancel: Cancel; readonly ask: Ask }>();
  readonly #runs = new Map<string, Ask>();
  #calls = 0;

  constructor(parts: PeopleParts) {
    this.#parts = parts;
  }

  ask(ask: Ask): void {
    const { asksApproval } = this.#parts;
    const run = requestedRunOf(ownerOfName(ask.owner), sample.name, ask.key);
    this.#runs.set(run, ask);
    for (let time = 0; time < ask.times; time++) this.#later(0, () => this.#request(ask, run));
    if (ask.againAfterMs !== undefined) this.#later(ask.againAfterMs, () => this.#request(ask, run));
    const { otherAfterMs } = ask;
    if (otherAfterMs !== undefined) {
      const other = { ...ask, parameters: { ...ask.parameters, what: 'another body' } };
      this.#later(otherAfterMs, () => this.#requestOther(other, run));
    }
    if (ask.cancel?.when === 'after-accepted') this.#later(ask.cancel.afterMs, () => this.#cancel(ask, run));
    else if (ask.cancel !== undefined) this.#awaited.set(run, { cancel: ask.cancel, ask });
    if (asksApproval && ask.decideAfterMs !== undefined)
      this.#later(ask.decideAfterMs, () => this.#decide(ask, run));
  }

  /** What people wait for has come: the start of a run, its output, its end. */
  onWritten(name: string, text: string): void {
    if (name.startsWith('dispatch/')) return this.#onDecision(text);
    const [, run = '', ...rest] = name.split('/');
    const object = rest.at(-1);
    const ask = this.#runs.get(run);
    if (ask === undefined) return;
    if (object === 'outcome.json' && ask.eraseAfterMs !== undefined)
      this.#later(ask.eraseAfterMs, () => this.#erase(ask, run));
    const awaited = this.#awaited.get(run);
    const came = { 'start.json': 'at-start', 'output.json': 'at-output' }[object ?? ''];
    if (awaited === undefined || came !== awaited.cancel.when) return;
    this.#awaited.delete(run);
    this.#later(awaited.cancel.afterMs, () => this.#cancel(ask, run));
  }

  /** A run has a slot, and has not passed its gates yet. */
  #onDecision(text: string): void {
    for (const { run } of dispatchState.parse(JSON.parse(text)).slots) {
      const awaited = this.#awaited.get(run);
      if (awaited?.cancel.when !== 'at-decision') continue;
      this.#awaited.delete(run);
      this.#later(awaited.cancel.afterMs, () => this.#cancel(awaited.ask, run));
    }
  }

  /** Its output is published, or its next attempt begins, or the run ends. */
  onExecutionEnded(run: string): void {
    const awaited = this.#awaited.get(run);
    if (awaited?.cancel.when !== 'at-end') return;
    this.#later(awaited.cancel.afterMs, () => this.#cancel(awaited.ask, run));
  }

  async #request(ask: Ask, run: string): Promise<void> {
    const answer = await this.#call(`${ask.owner} requests ${shortOf(run)}`, this.#requestOf(ask));
    if (answer === undefined) return;
    if (answer.status === 202) return void this.#parts.oracle.accepted.set(run, ask);
    const isExpected = ask.otherAfterMs !== undefined && answer.status === 422;
    if (!isExpected) this.#parts.oracle.fail('a request was refused', `${run}: ${textOf(answer)}`);
  }

  /** The key may not have been taken yet: then this body is the job's. */
  async #requestOther(ask: Ask, run: string): Promise<void> {
    const { oracle } = this.#parts;
    const before = oracle.known.get(run)?.entry.parameters;
    const answer = await this.#call(`${ask.owner} reuses the key of ${shortOf(run)}`, this.#requestOf(ask));
    if (answer === undefined) return;
    const isOther = before !== undefined && before['what'] !== ask.parameters.what;
    if (isOther && answer.status === 202)
      oracle.fail('a key was taken by another body', `${run}: ${textOf(answer)}`);
    if (answer.status === 202) oracle.accepted.set(run, ask);
  }

  #requestOf({ owner, key, parameters, priority }: Ask): Omit<ApiCall, 'trace'> {
    const body = { pipeline: sample.name, parameters, priority };
    return { by: owner, method: 'POST', path: '/pipeline/run', key, body };
  }

  async #cancel(ask: Ask, run: string): Promise<void> {
    const { oracle } = this.#parts;
    const known = oracle.known.get(run);
    if (known === undefined) return;
    known.cancelAsked = true;
    const by = ask.cancel?.by === 'approver' ? APPROVER : ask.owner;
    const call = this.#callOn(run, by, 'cancel', { reason: 'simulated' });
    const answer = await this.#call(`${by} cancels ${shortOf(run)}`, call);
    if (answer?.status === 202) known.cancelAnswered = true;
    else if (answer !== undefined && answer.status !== 409)
      oracle.fail('a cancel was refused', `${run}: ${textOf(answer)}`);
  }

  async #decide({ decision }: Ask, run: string): Promise<void> {
    const { oracle } = this.#parts;
    const known = oracle.known.get(run);
    if (known === undefined) return;
    if (decision === 'reject') known.rejectAsked = true;
    const body = { estimate_hash: known.entry.record.estimate.hash, reason: 'simulated' };
    const answer = await this.#call(
      `${APPROVER} ${decision}s ${shortOf(run)}`,
      this.#callOn(run, APPROVER, decision, body),
    );
    if (answer?.status === 200) known.rejectAnswered ||= decision === 'reject';
    else if (answer !== undefined && answer.status !== 409)
      oracle.fail('a decision was refused', `${run}: ${textOf(answer)}`);
  }

  async #erase({ owner }: Ask, run: string): Promise<void> {
    const { oracle } = this.#parts;
    const path = `/pipeline/job/${jobIdOf(sample.name, run)}/content`;
    const answer = await this.#call(`${owner} erases ${shortOf(run)}`, { by: owner, method: 'DELETE', path });
    const known = oracle.known.get(run);
    if (known === undefined || answer === undefined) return;
    if (answer.status < 300) known.erased = true;
    else if (answer.status !== 409) oracle.fail('an erasure was refused', `${run}: ${textOf(answer)}`);
  }

  #callOn(run: string, by: string, verb: string, body: object): Omit<ApiCall, 'trace'> {
    return { by, method: 'POST', path: `/pipeline/job/${jobIdOf(sample.name, run)}/${verb}`, body };
  }

  /** Calls again after no answer, and after one that says so; undefined: the person has given up. */
  async #call(what: string, call: Omit<ApiCall, 'trace'>): Promise<ApiAnswer | undefined> {
    const { wire } = this.#parts;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const answer = await this.#callOnce(what, call);
      // An instance whose clock is off refuses every token; another call meets another instance.
      const isPassing = [401, 429, 503].includes(answer?.status ?? 503);
      if (answer !== undefined && !isPassing) {
        wire.trace(`${what}: ${answer.status}`);
        return answer;
      }
      await new Promise<void>((resolve) => wire.clock.at(wire.clock.now() + PAUSE_MS * attempt, resolve));
    }
    return undefined;
  }

  async #callOnce(what: string, call: Omit<ApiCall, 'trace'>): Promise<ApiAnswer | undefined> {
    const { wire, instances, functions } = this.#parts;
    const instance = instances.birth('accept-requests', what);
    const trace = String(++this.#calls).padStart(32, '0');
    let answer: ApiAnswer | undefined;
    const ended = instances.run(instance, async () => {
      answer = await functions.call(instance, { ...call, trace });
    });
    const tooLate = new Promise<void>((resolve) => wire.clock.at(wire.clock.now() + PATIENCE_MS, resolve));
    try {
      await Promise.race([ended, tooLate]);
    } catch (error) {
      wire.trace(`${instance.name}: ${messageOf(error)}`);
    }
    ended.catch(() => undefined);
    return answer;
  }

  #later(afterMs: number, act: () => Promise<void>): void {
    const { wire } = this.#parts;
    wire.clock.at(wire.clock.now() + afterMs, () => void act());
  }
}

const textOf = ({ status, body }: ApiAnswer): string => `${status} ${JSON.stringify(body)}`;
