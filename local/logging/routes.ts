// Cloud Logging's way to read entries: those of one execution of a job, through a log view.
import type { FastifyInstance } from 'fastify';
import { invalid, notFound, notImplemented, refuseUnknownFields } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import { equalTo, readFilter, type LogEntry } from './filter.ts';
import type { Logging } from './logging.ts';

export const EXECUTION_LABEL = 'labels."run.googleapis.com/execution_name"';
const VIEW = /^projects\/[^/]+\/locations\/[^/]+\/buckets\/[^/]+\/views\/[^/]+$/;
const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 1000;

interface Body {
  readonly resourceNames?: readonly string[];
  readonly filter?: string;
  readonly orderBy?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export function loggingRoutes(app: FastifyInstance, logging: Logging, authorize: Authorize): void {
  // Fastify takes one colon as the beginning of a parameter, and two as a colon.
  app.post<{ Body: Body | undefined }>('/v2/entries::list', (request) => {
    const body = request.body ?? {};
    refuseUnknownFields('entries.list', body, [
      'resourceNames',
      'filter',
      'orderBy',
      'pageSize',
      'pageToken',
    ]);
    const view = viewIn(body);
    authorize(request.caller, 'logging.views.access', view);
    const entries = logging.entriesIn(view, executionIn(body));
    if (entries === undefined) throw notFound(`View ${view} does not exist.`);
    return pageOf(entries.filter(readFilter(body.filter ?? '')), body);
  });
}

function viewIn({ resourceNames = [] }: Body): string {
  const [view, ...more] = resourceNames;
  if (view === undefined) throw invalid('resourceNames is empty.');
  if (more.length > 0 || !VIEW.test(view))
    throw notImplemented(`resourceNames ${resourceNames.join(', ')}: entries are read from one log view`);
  return view;
}

function executionIn({ filter = '' }: Body): string {
  const execution = equalTo(filter, EXECUTION_LABEL);
  if (execution === undefined)
    throw notImplemented(`the filter "${filter}": it compares ${EXECUTION_LABEL} with no text`);
  return execution;
}

/** A token counts the entries from the oldest on, so that a new one moves no page. */
function pageOf(entries: readonly LogEntry[], { orderBy = 'timestamp asc', pageSize, pageToken }: Body) {
  const size = sizeIn(pageSize);
  const at = pageToken === undefined || pageToken === '' ? undefined : placeIn(pageToken);
  if (orderBy === 'timestamp desc') {
    const end = Math.min(at ?? entries.length, entries.length);
    const start = Math.max(0, end - size);
    return {
      entries: entries.slice(start, end).toReversed(),
      ...(start > 0 && { nextPageToken: tokenOf(start) }),
    };
  }
  if (orderBy !== 'timestamp asc')
    throw invalid(`orderBy ${orderBy}: expected timestamp asc or timestamp desc.`);
  const end = (at ?? 0) + size;
  return {
    entries: entries.slice(at ?? 0, end),
    ...(end < entries.length && { nextPageToken: tokenOf(end) }),
  };
}

function sizeIn(pageSize = DEFAULT_PAGE): number {
  if (!Number.isInteger(pageSize) || pageSize < 0 || pageSize > LARGEST_PAGE)
    throw invalid(`pageSize ${pageSize}: expected at most ${LARGEST_PAGE}.`);
  return pageSize === 0 ? DEFAULT_PAGE : pageSize;
}

const tokenOf = (place: number): string => Buffer.from(`entries ${place}`).toString('base64url');

function placeIn(token: string): number {
  const found = /^entries (\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString());
  if (found === null) throw invalid('page_token is invalid.');
  return Number(found[1]);
}
