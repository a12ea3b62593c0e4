// What the screen Requests reads: slots, what waits, owners, spending, and the jobs of a day, each a page at a time.
import { STATES } from '../../../shared/api/schemas.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { pageIn, paged, type Paged } from '../pages.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { readJobs, type JobsOfDay } from './jobs.ts';
import { approvalsOf, readLine, type Approval, type Line, type OwnerInLine } from './line.ts';
import { requestsIn } from './pipelines.ts';
import { dayIn, oneOfIn } from './range.ts';

export interface WaitingRow {
  readonly run: string;
  readonly owner: string;
  readonly acceptedAt: string;
  readonly expiresAt: string;
  readonly cost: number;
  readonly priority: number;
  readonly approval: Approval;
}

export interface Requests {
  readonly pipeline: RequestsPipeline;
  readonly concurrency: number;
  readonly slots: Line['slots'];
  readonly owners: Paged<OwnerInLine>;
  readonly waiting: Paged<WaitingRow>;
  readonly spending: {
    readonly day: string;
    readonly inAll: number;
    readonly bound: number;
    readonly boundPerOwner: number;
  };
  /** `read`: how many jobs the page read; a filter by state shows fewer. */
  readonly jobs: JobsOfDay & { readonly read: number };
  readonly filters: Filters;
  readonly unreadable: readonly string[];
  readonly isPart: boolean;
  /** The objects that this was read from. */
  readonly objects: readonly string[];
}

export interface Filters {
  readonly owner: string | null;
  readonly state: string | null;
  readonly day: string | null;
}

const OWNERS_A_PAGE = 20;
const WAITING_A_PAGE = 40;
/** A bucket with an odd object is the operator's to look into; a few names are enough to begin. */
const MOST_UNREADABLE = 20;

const OWNER = /^[0-9a-f]{16}$/;

function filtersIn(asked: Asked): Filters {
  return { owner: ownerIn(asked), state: oneOfIn(asked, 'state', STATES), day: dayIn(asked, 'day') };
}

function ownerIn({ query }: Asked): string | null {
  const text = query.get('owner') || null;
  if (text === null || OWNER.test(text)) return text;
  throw new PageProblem('invalid', `owner=${text.slice(0, 50)}: 16 hexadecimal digits`);
}

export async function readRequests(asked: Asked, ports: Ports): Promise<Requests> {
  const pipeline = requestsIn(asked, ports);
  const filters = filtersIn(asked);
  const { owner, state, day } = filters;
  const [ownersPage, waitingPage, page] = [
    pageIn(asked, 'owners'),
    pageIn(asked, 'waiting'),
    pageIn(asked, 'page'),
  ];
  const line = await readLine(pipeline, ports);
  const mine = line.waiting.filter((entry) => owner === null || entry.owner === owner);
  const waiting = paged(mine, waitingPage, WAITING_A_PAGE);
  const [approvals, jobs] = await Promise.all([
    approvalsOf(pipeline, waiting.items, ports),
    readJobs(pipeline, { day, owner, page }, line, ports),
  ]);
  const { concurrency, spending } = pipeline.trigger;
  return {
    ...{ pipeline, concurrency, filters, isPart: line.isPart, slots: line.slots },
    owners: paged(line.owners, ownersPage, OWNERS_A_PAGE),
    waiting: {
      ...waiting,
      items: waiting.items.map(
        ({ run, owner: of, acceptedAtMs, expiresAtMs, cost, priority }, index): WaitingRow => ({
          ...{ run, owner: of, cost, priority, approval: approvals[index] ?? 'none' },
          acceptedAt: new Date(acceptedAtMs).toISOString(),
          expiresAt: new Date(expiresAtMs).toISOString(),
        }),
      ),
    },
    spending: {
      day: line.day,
      inAll: line.spentToday,
      bound: spending.inAll,
      boundPerOwner: spending.perOwner,
    },
    jobs: {
      ...jobs,
      items: jobs.items.filter((row) => state === null || row.state === state),
      read: jobs.items.length,
    },
    unreadable: line.unreadable.slice(0, MOST_UNREADABLE),
    objects: [...(line.decision === null ? [] : [line.decision]), `queue/${pipeline.name}/`].map(
      (object) => `gs://${ports.requests.bucket}/${object}`,
    ),
  };
}
