// Cloud Logging behind the port to a job's log: the entries of one execution, read through a view that holds jobs alone.
import { JOB_LOG_VIEW } from '../deployment.ts';
import {
  textOfPayload,
  type JobLog,
  type LogLine,
  type LogPage,
  type WantedLines,
} from '../executions/job-log.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure } from './failures.ts';
import { CallRefused, callsTo } from './http-calls.ts';
import { ownTokens } from './own-tokens.ts';

/** What the container prints, and what Cloud Run says of the container; not its audit entries. */
const LOGS = ['stdout', 'stderr', 'varlog%2Fsystem'];

interface Entry {
  readonly timestamp?: string;
  readonly severity?: string;
  readonly textPayload?: string;
  readonly jsonPayload?: unknown;
}

interface Entries {
  readonly entries?: readonly Entry[];
  readonly nextPageToken?: string;
}

export function googleJobLog(config: GoogleConfig): JobLog {
  const { origin, isGoogle } = endpointsOf(config).logging;
  const send = callsTo(origin, isGoogle ? ownTokens(config).access : undefined);
  const project = config.GOOGLE_CLOUD_PROJECT;
  const view = `projects/${project}/locations/global/buckets/_Default/views/${JOB_LOG_VIEW}`;
  const queryOf = (execution: string) => filterOf(project, execution);

  async function read(execution: string, { most, page }: WantedLines): Promise<LogPage> {
    const asked = {
      resourceNames: [view],
      filter: queryOf(execution),
      // A page token leads on to older entries, so that new lines move no page.
      orderBy: 'timestamp desc',
      pageSize: most,
      ...(page !== undefined && { pageToken: page }),
    };
    try {
      const answer = await send({
        method: 'POST',
        path: '/v2/entries:list',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(asked)),
      });
      if (answer.status !== 200) throw new CallRefused(answer);
      return pageOf(JSON.parse(answer.body.toString('utf8')) as Entries);
    } catch (error) {
      throw failure(`reading the log of ${execution}`, error);
    }
  }

  return { queryOf, read };
}

const filterOf = (project: string, execution: string): string =>
  [
    'resource.type="cloud_run_job"',
    `labels."run.googleapis.com/execution_name"="${execution}"`,
    `logName=(${LOGS.map((log) => `"projects/${project}/logs/run.googleapis.com%2F${log}"`).join(' OR ')})`,
  ].join(' AND ');

const pageOf = ({ entries = [], nextPageToken }: Entries): LogPage => ({
  lines: entries.toReversed().map(lineOf),
  // An empty page with a token would be read again and again.
  earlier: entries.length === 0 ? null : nextPageToken || null,
});

const lineOf = ({ timestamp = '', severity, textPayload, jsonPayload }: Entry): LogLine => ({
  at: timestamp,
  severity: severity ?? 'DEFAULT',
  text: textPayload ?? textOfPayload(jsonPayload ?? {}),
});
