// Requested runs in every state, written as the functions write them, with names from outside that try to be more than text.
import { recordAccepted } from '../../../shared/api/audit.ts';
import { toJson } from '../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { createDecision } from '../../../shared/requests/decisions.ts';
import type { QueueEntry, RequestRecord } from '../../../shared/requests/entry.ts';
import { passApproval, passStart } from '../../../shared/requests/gates.ts';
import { contentObject, ownerOf, queueObject, requestedRunOf } from '../../../shared/requests/names.ts';
import { recordOutcome, type Outcome } from '../../../shared/runs/outcome.ts';
import { executionObject, requestObject, startedObject } from '../../../shared/runs/names.ts';

export interface RequestStores {
  readonly runs: ObjectStore;
  readonly requests: ObjectStore;
  readonly audit: ObjectStore;
}

export const SECRET = 'what only the requester may read';
export const HOSTILE = {
  markup: '<img src=x onerror=alert(1)></script><script>alert(2)</script>',
  rightToLeft: '\u202Eevil\u2066',
  script: 'javascript:alert(3)',
  long: 'x'.repeat(10_000),
};

const JSON_TYPE = 'application/json';
const DAY_MS = 86_400_000;

interface Wanted {
  readonly owner: string;
  readonly key: string;
  readonly atMs: number;
  readonly email?: string;
  readonly preset?: string;
  readonly expected?: number | null;
  readonly approval?: RequestRecord['approval'];
}

const PIPELINE = 'forecast-what-if';

function entryOf({
  owner,
  key,
  atMs,
  email,
  preset,
  expected = 0.01,
  approval = 'none',
}: Wanted): QueueEntry {
  const requester = { issuer: 'https://accounts.google.com', subject: owner, email: email ?? null };
  const at = new Date(atMs).toISOString();
  return {
    record: {
      ...{ pipeline: PIPELINE, run: requestedRunOf(requester, PIPELINE, key), requester, acceptedAt: at },
      expiresAt: new Date(atMs + DAY_MS).toISOString(),
      ...{ bodyHash: 'a'.repeat(64), preset: preset ?? null, priority: 5, maxCost: null, units: 1, approval },
      estimate: {
        ...{ low: 0.004, expected, high: 0.5, currency: 'USD', hash: 'b'.repeat(16) },
        basis: { runs: 3, from: at, to: at, prices: '2026-11-21' },
      },
    },
    parameters: { note: SECRET },
  };
}

/** As accept-requests does. */
async function accept(wanted: Wanted, { requests }: RequestStores): Promise<QueueEntry> {
  const entry = entryOf(wanted);
  const { record } = entry;
  await requests.create(queueObject(PIPELINE, record.run), toJson(entry), JSON_TYPE, {
    cost: String(record.estimate.expected ?? record.estimate.high),
    priority: String(record.priority),
    'body-hash': record.bodyHash,
    'accepted-at': record.acceptedAt,
    'expires-at': record.expiresAt,
    approval: record.approval,
  });
  return entry;
}

/** As the dispatch and the job do, as far as `ends`; the entry of a run that has ended is deleted. */
async function run(wanted: Wanted, ends: Outcome | 'running', stores: RequestStores): Promise<string> {
  const { record, parameters } = await accept(wanted, stores);
  const { runs, requests, audit } = stores;
  await recordAccepted(audit, record);
  const content = { kind: 'content', parameters };
  await requests.create(contentObject(PIPELINE, record.run), toJson(content), JSON_TYPE);
  await runs.create(requestObject(PIPELINE, record.run), toJson(record), JSON_TYPE);
  const at = record.acceptedAt;
  await passStart(runs, PIPELINE, record.run, { kind: 'start', dispatch: 1, at });
  const attempt = { pipeline: PIPELINE, run: record.run, attempt: 1, at };
  await runs.create(
    executionObject(PIPELINE, record.run, 1),
    toJson({ ...attempt, token: 'planted' }),
    JSON_TYPE,
  );
  await runs.create(
    startedObject(PIPELINE, record.run, 1),
    toJson({ ...attempt, execution: 'projects/p/locations/l/jobs/j/executions/e' }),
    JSON_TYPE,
  );
  if (ends === 'running') return record.run;
  await recordOutcome(runs, {
    ...{ pipeline: PIPELINE, run: record.run, outcome: ends, attempt: 1, rows: null },
    code: ends === 'failed' ? 'INPUT_REFUSED' : null,
    reason: ends === 'failed' ? `The parameters were refused ${HOSTILE.markup}` : 'It ended.',
    at: new Date(Date.parse(at) + 90_000).toISOString(),
  });
  const entry = await requests.info(queueObject(PIPELINE, record.run));
  await requests.remove(queueObject(PIPELINE, record.run), entry?.generation ?? '');
  return record.run;
}

export interface PlantedRequests {
  readonly waiting: string;
  readonly running: string;
  readonly failed: string;
  readonly held: string;
  readonly published: string;
}

/** Two owners wait, one of them for an approval; one run executes, and others have ended. */
export async function plantRequests(stores: RequestStores, nowMs: number): Promise<PlantedRequests> {
  const at = (minutes: number) => nowMs - minutes * 60_000;
  const [ada, bob] = ['ada', HOSTILE.markup];
  const { record } = await accept({ owner: ada, key: 'one', atMs: at(5), approval: 'before-start' }, stores);
  const approved = await accept(
    { owner: bob, key: 'two', atMs: at(4), approval: 'before-start', expected: null },
    stores,
  );
  await passApproval(stores.runs, PIPELINE, approved.record.run, {
    ...{ kind: 'approve', by: HOSTILE.rightToLeft, reason: HOSTILE.script, estimateHash: 'b'.repeat(16) },
    at: approved.record.acceptedAt,
  });
  await accept({ owner: bob, key: 'three', atMs: at(3) }, stores);
  const running = await run({ owner: ada, key: 'four', atMs: at(20) }, 'running', stores);
  const hostile = { email: HOSTILE.long, preset: HOSTILE.markup };
  const failed = await run({ owner: bob, key: 'five', atMs: at(30), ...hostile }, 'failed', stores);
  const held = await run({ owner: ada, key: 'six', atMs: at(40) }, 'held', stores);
  const published = await run({ owner: ada, key: 'seven', atMs: at(50) }, 'published', stores);
  const since = new Date(at(19)).toISOString();
  const [own, other] = [ownerOf(running) ?? '', ownerOf(failed) ?? ''];
  await createDecision(stores.requests, PIPELINE, {
    ...{ n: 1, token: 'planted', at: since, deficits: {}, cursor: null },
    slots: [{ run: running, attempt: 1, owner: own, cost: 0.01, since }],
    spending: { day: since.slice(0, 10), owners: { [own]: 0.03, [other]: 0.01 } },
    history: [{ units: 1, seconds: 90, endedAt: since }],
  });
  return { waiting: record.run, running, failed, held, published };
}
