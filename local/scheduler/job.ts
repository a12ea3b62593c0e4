// What a scheduled job is: the settings that Cloud Scheduler accepts, with its defaults.
import { invalid } from '../http/errors.ts';
import { durationMs, durationWithin, refuseOutside } from '../pubsub/durations.ts';
import { growingDelayMs } from '../pubsub/backoff.ts';
import { checkSchedule } from './cron.ts';

export interface HttpTarget {
  readonly uri: string;
  readonly httpMethod?: string;
  readonly headers?: Record<string, string>;
  /** base64. */
  readonly body?: string;
  readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience?: string };
}

export interface RetryConfig {
  readonly retryCount?: number;
  readonly maxRetryDuration?: string;
  readonly minBackoffDuration?: string;
  readonly maxBackoffDuration?: string;
  readonly maxDoublings?: number;
}

/** The settings of a new job; `name` is `projects/P/locations/L/jobs/J`, `schedule` unix cron. */
export interface JobRequest {
  readonly name: string;
  readonly description?: string;
  readonly schedule: string;
  readonly timeZone?: string;
  readonly attemptDeadline?: string;
  readonly retryConfig?: RetryConfig;
  readonly httpTarget: HttpTarget;
}

/** A job with its defaults filled in. */
export interface Job extends JobRequest {
  readonly timeZone: string;
  readonly attemptDeadline: string;
  readonly retryConfig: Required<RetryConfig>;
  readonly httpTarget: HttpTarget & { readonly httpMethod: string };
}

const NAME = /^projects\/[^/]+\/locations\/[^/]+\/jobs\/[A-Za-z0-9_-]{1,500}$/;
// In the order of Google's enum, so that a client may send either the number or the name.
const METHODS = ['HTTP_METHOD_UNSPECIFIED', 'POST', 'GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const MOST_RETRIES = 5;

/** Fills in Google's defaults; 400 for what Google refuses. */
export function settleJob(request: JobRequest): Job {
  if (!NAME.test(request.name)) {
    throw invalid(
      'Job name must be formatted: "projects/<PROJECT_ID>/locations/<LOCATION_ID>/jobs/<JOB_ID>".',
    );
  }
  const timeZone = request.timeZone || 'Etc/UTC';
  const attemptDeadline = request.attemptDeadline ?? '180s';
  if (typeof request.schedule !== 'string') throw invalid('Schedule must be set.');
  checkSchedule(request.schedule, timeZone);
  durationWithin('attempt_deadline', attemptDeadline, 15_000, 1_800_000);
  return {
    ...request,
    timeZone,
    attemptDeadline,
    retryConfig: settleRetryConfig(request.retryConfig ?? {}),
    httpTarget: settleTarget(request.httpTarget),
  };
}

/**
 * When to try again after `failures` failures in a row that began at `firstMs`, or undefined when the job
 * gives up: the back-off doubles `maxDoublings` times, then stays.
 */
export function retryAtMs(job: Job, failures: number, firstMs: number, nowMs: number): number | undefined {
  const config = job.retryConfig;
  if (failures > config.retryCount) return undefined;
  const minMs = durationMs('min_backoff_duration', config.minBackoffDuration);
  const maxMs = durationMs('max_backoff_duration', config.maxBackoffDuration);
  const atMs = nowMs + growingDelayMs(minMs, maxMs, Math.min(failures, config.maxDoublings + 1), 0);
  const longestMs = durationMs('max_retry_duration', config.maxRetryDuration);
  return longestMs > 0 && atMs - firstMs > longestMs ? undefined : atMs;
}

function settleRetryConfig(config: RetryConfig): Required<RetryConfig> {
  const settled = {
    retryCount: Number(config.retryCount ?? 0),
    maxRetryDuration: config.maxRetryDuration ?? '0s',
    minBackoffDuration: config.minBackoffDuration ?? '5s',
    maxBackoffDuration: config.maxBackoffDuration ?? '3600s',
    maxDoublings: Number(config.maxDoublings ?? 5),
  };
  refuseOutside('retry_count', settled.retryCount, 0, MOST_RETRIES);
  refuseOutside('max_doublings', settled.maxDoublings, 0, Number.MAX_SAFE_INTEGER);
  const minMs = durationMs('min_backoff_duration', settled.minBackoffDuration);
  durationMs('max_retry_duration', settled.maxRetryDuration);
  if (minMs > durationMs('max_backoff_duration', settled.maxBackoffDuration)) {
    throw invalid('min_backoff_duration must not be greater than max_backoff_duration.');
  }
  return settled;
}

function settleTarget(target: HttpTarget | undefined): Job['httpTarget'] {
  if (!target?.uri || !URL.canParse(target.uri) || !/^https?:/.test(target.uri)) {
    throw invalid(`HttpTarget.uri must be an http or https URL (found "${target?.uri}").`);
  }
  const asked: unknown = target.httpMethod ?? 'POST';
  const httpMethod = typeof asked === 'number' ? METHODS[asked] : String(asked);
  if (httpMethod === undefined || METHODS.indexOf(httpMethod) < 1) {
    throw invalid(`HttpTarget.http_method is not known (found "${String(asked)}").`);
  }
  return { ...target, httpMethod };
}
