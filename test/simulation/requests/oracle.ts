// What must hold of requested runs: watched at every instant, and asked of what is durable when the mesh is idle.
import type { ExecutionRecord } from '../../../local/run/records.ts';
import { acceptedObject, apiAudit } from '../../../shared/api/audit.ts';
import type { AttemptKey } from '../../../shared/executions/runner.ts';
import { dispatchState } from '../../../shared/requests/dispatch.ts';
import { entryMetadata, queueEntry, type QueueEntry } from '../../../shared/requests/entry.ts';
import {
  approvalGate,
  startGate,
  type ApprovalGate,
  type StartGate,
} from '../../../shared/requests/gates.ts';
import { ownerOf, queueObject } from '../../../shared/requests/names.ts';
import { decision, type Decision } from '../../../shared/runs/decision.ts';
import { runOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import type { Clock } from '../../../local/clock.ts';
import type { OpenCloud } from '../cloud.ts';
import type { Instances } from '../instances.ts';
import type { Violation } from '../oracle.ts';
import type { Instance } from '../wire.ts';
import { FairnessOracle, type Waiting } from './fairness.ts';
import type { Ask } from './people.ts';
import { CONCURRENCY, parameters, resultOf, sample } from './sample.ts';

export interface Watched {
  readonly clock: Clock;
  readonly cloud: OpenCloud;
  readonly instances: Instances;
  readonly asksApproval: boolean;
}

/** What is known of a run. */
export interface Known {
  readonly run: string;
  readonly entry: QueueEntry;
  readonly firstAtMs: number;
  /** Whether its entry is in the queue. */
  isQueued: boolean;
  approval: ApprovalGate | undefined;
  approvedAtMs: number | undefined;
  start: StartGate | undefined;
  decision: Decision | undefined;
  outcome: RunOutcome | undefined;
  /** What people asked for, and what they were answered. */
  cancelAsked: boolean;
  cancelAnswered: boolean;
  rejectAsked: boolean;
  rejectAnswered: boolean;
  erased: boolean;
}

const PATIENCE_MS = 90_000;
/** A function that read the slots lives no longer than this. */
const LONGEST_STORY_MS = 10 * 60_000;

export class RequestsOracle {
  violation: Violation | undefined;
  readonly known = new Map<string, Known>();
  /** Runs whose client was answered 202. */
  readonly accepted = new Map<string, Ask>();
  readonly refused = new Map<string, string[]>();
  readonly announced = new Map<string, string[]>();
  readonly fairness: FairnessOracle;
  readonly #mesh: Watched;

  constructor(mesh: Watched) {
    this.#mesh = mesh;
    this.fairness = new FairnessOracle({
      waiting: () => this.#waiting(),
      fail: (law, detail) => this.fail(law, detail),
      isExcused: () => mesh.instances.jumps.length > 0,
    });
  }

  fail(law: string, detail: string): void {
    this.violation ??= { law, detail, atMs: this.#mesh.clock.now() };
  }

  isPoison(): boolean {
    return false;
  }

  onRefused(data: string, reason: string): void {
    this.refused.set(data, [...(this.refused.get(data) ?? []), reason]);
  }

  onPublished(topic: string, message: object): void {
    if (topic !== 'run-ended') return;
    const { run, outcome } = message as { readonly run: string; readonly outcome: string };
    this.announced.set(run, [...(this.announced.get(run) ?? []), outcome]);
  }

  onWritten(bucket: string, name: string, text: string | undefined): void {
    if (bucket === 'requests') return this.#onRequests(name, text);
    if (bucket !== 'runs') return;
    if (text === undefined) return this.fail('a step object was deleted', name);
    const [room, run = '', object = ''] = name.split('/');
    if (room !== sample.name) return;
    const known = this.known.get(run);
    if (known === undefined) return this.fail('a run without a request', name);
    const value: unknown = JSON.parse(text);
    if (object === 'approval.json') {
      known.approval = approvalGate.parse(value);
      if (known.approval.kind === 'approve') known.approvedAtMs = this.#mesh.clock.now();
    } else if (object === 'start.json') known.start = startGate.parse(value);
    else if (object === 'decision.json') known.decision = decision.parse(value);
    else if (object === 'outcome.json') this.#onOutcome(known, runOutcome.parse(value));
  }

  #onRequests(name: string, text: string | undefined): void {
    const [room, , , last = ''] = name.split('/');
    if (room === 'queue') return this.#onQueue(last, text);
    if (room === 'dispatch') {
      if (text !== undefined)
        this.fairness.onDecision(dispatchState.parse(JSON.parse(text)), this.#mesh.clock.now());
      return;
    }
    if (text === undefined) return this.fail('an object of a request was deleted', name);
    if (room !== 'content') return;
    const run = name.slice(name.lastIndexOf('/') + 1, -'.json'.length);
    const { kind } = JSON.parse(text) as { readonly kind: string };
    if (kind === 'content' && this.known.get(run)?.erased === true)
      this.fail('erased content came back', run);
  }

  #onQueue(run: string, text: string | undefined): void {
    const known = this.known.get(run);
    if (text === undefined) {
      if (known?.outcome === undefined) return this.fail('an entry left before its outcome', run);
      known.isQueued = false;
      return this.checkAudited(known);
    }
    if (known !== undefined) {
      known.isQueued = true;
      return;
    }
    this.known.set(run, {
      ...{ run, entry: queueEntry.parse(JSON.parse(text)), firstAtMs: this.#mesh.clock.now() },
      ...{ isQueued: true, approval: undefined, approvedAtMs: undefined, start: undefined },
      ...{ decision: undefined, outcome: undefined, cancelAsked: false, cancelAnswered: false },
      ...{ rejectAsked: false, rejectAnswered: false, erased: false },
    });
  }

  #onOutcome(known: Known, outcome: RunOutcome): void {
    known.outcome = outcome;
    if (outcome.outcome !== 'published') return;
    const { run, attempt } = outcome;
    if (known.decision?.kind !== 'publish') this.fail('published without the decision', run);
    if (known.start?.kind !== 'start') this.fail('published without a start', run);
    const sinceMs = this.#mesh.clock.now() - LONGEST_STORY_MS;
    if (!this.fairness.wasInSlot(run, attempt, sinceMs))
      this.fail('published without a slot', `${run} attempt ${attempt}`);
  }

  /** Of all executions, and of this one, which is about to be recorded. */
  onStart(key: AttemptKey, by: Instance): void {
    const known = this.known.get(key.run);
    const { executions } = this.#mesh.cloud;
    if (known?.start?.kind !== 'start') this.fail('started without the gate', key.run);
    if (this.#mesh.asksApproval && known?.approval?.kind !== 'approve')
      this.fail('started without an approval', key.run);
    if (by.skewMs !== 0 || this.#mesh.instances.jumps.length > 0) return;
    const running = executions.running().map(keyIn);
    const distinct = new Set([...running, textOf(key)]);
    if (distinct.size > CONCURRENCY)
      this.fail('more at once than the concurrency', [...distinct].sort().join(', '));
    for (const record of executions.all()) {
      if (keyIn(record) !== textOf(key) || executions.twins.has(record.name)) continue;
      if (record.state !== 'running' && record.state !== 'succeeded') continue;
      this.fail('a second execution', `${textOf(key)}, patience ${PATIENCE_MS} ms`);
    }
  }

  #waiting(): readonly Waiting[] {
    return [...this.known.values()].flatMap((known): readonly Waiting[] => {
      const { run, entry, isQueued, outcome, start, approval } = known;
      const owner = ownerOf(run);
      const info = this.#mesh.cloud.storage.find('requests', queueObject('sample', run))?.info;
      const isEnded = outcome !== undefined || approval?.kind === 'reject';
      if (!isQueued || isEnded || owner === undefined || info === undefined) return [];
      if (start !== undefined && start.kind !== 'start') return [];
      const { cost, priority } = entryMetadata.parse(info.metadata);
      const { acceptedAt, expiresAt } = entry.record;
      return [
        {
          ...{ run, owner, cost, priority, approval: entry.record.approval },
          ...{ acceptedAtMs: Date.parse(acceptedAt), expiresAtMs: Date.parse(expiresAt) },
          startableSinceMs: this.#mesh.asksApproval ? known.approvedAtMs : known.firstAtMs,
        },
      ];
    });
  }

  /** Who asked is recorded, without what was asked. */
  checkAudited({ run, entry: { record } }: Known): void {
    const text = this.#mesh.cloud.storage.text('audit', acceptedObject(record));
    const recorded = text === undefined ? undefined : apiAudit.parse(JSON.parse(text));
    if (recorded?.by.subject !== record.requester.subject || recorded.reason !== record.bodyHash)
      this.fail('an accepted request has no audit record', run);
  }

  /** The result that stands is the one of the run's own parameters. */
  checkResult({ entry, run, outcome }: Known): void {
    const name = outcome?.result?.name;
    const text = name === undefined ? undefined : this.#mesh.cloud.storage.text('results', name);
    const expected = resultOf(parameters.parse(entry.parameters));
    if (text !== expected) this.fail('another result was published', `${run}: ${text}; expected ${expected}`);
  }
}

const textOf = ({ run, attempt }: Pick<AttemptKey, 'run' | 'attempt'>): string => `${run} attempt ${attempt}`;
const keyIn = ({ spec: { env } }: ExecutionRecord): string =>
  textOf({ run: String(env.RUN_ID), attempt: Number(env.ATTEMPT) });
