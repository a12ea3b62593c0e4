// The callers of a function: each implies the right to invoke it, and a message its subscription and dead letters.
import { EXECUTION_FINISHED, OUTPUT_FINALIZED, SOURCE_FINALIZED } from '../deployment.ts';

/** Messages of a topic, pushed by a subscription that keeps messages that were refused too often. */
export interface MessageCaller {
  readonly kind: 'message';
  readonly topic: string;
  /** Who publishes to the topic: functions that declare it, Cloud Storage or Cloud Logging. */
  readonly publishedBy: 'functions' | 'finished-outputs' | 'finished-sources' | 'finished-executions';
}

/** A call of Cloud Scheduler at the times of `cron`, in UTC. */
export interface ScheduleCaller {
  readonly kind: 'schedule';
  readonly name: string;
  readonly cron: string;
  readonly body: object;
}

export type Caller =
  | MessageCaller
  | ScheduleCaller
  /** Cloud Scheduler at the times of each pipeline's schedule, with the pipeline's name as the body. */
  | { readonly kind: 'pipeline-schedules'; readonly prefix: string }
  | { readonly kind: 'function'; readonly name: string }
  /** The callers that the stack names for the pipeline's services (`<pipeline>:callers`). */
  | { readonly kind: 'service-callers' }
  /** Anyone: the function verifies the token of each call itself, and decides what its bearer may do. */
  | { readonly kind: 'internet' }
  /** People whom the stack names (`sluice:consoleReaders`, `sluice:consoleOperators`), through Identity-Aware Proxy. */
  | { readonly kind: 'people' }
  /** The operators that the stack names (`sluice:operators`). */
  | { readonly kind: 'operators' };

export const message = (topic: string): MessageCaller => ({
  kind: 'message',
  topic,
  publishedBy: 'functions',
});

/** Cloud Storage's notification of every finished object of the results bucket. */
export const finishedOutput = (): MessageCaller => ({
  kind: 'message',
  topic: OUTPUT_FINALIZED,
  publishedBy: 'finished-outputs',
});

/**
 * Cloud Storage's notification of every finished object of the buckets that pipelines watch. A deployment without such
 * a pipeline has no topic, no subscription and no dead letters of it.
 */
export const finishedSource = (): MessageCaller => ({
  kind: 'message',
  topic: SOURCE_FINALIZED,
  publishedBy: 'finished-sources',
});

/** Cloud Logging's message of every finished execution of a Cloud Run job. */
export const finishedExecution = (): MessageCaller => ({
  kind: 'message',
  topic: EXECUTION_FINISHED,
  publishedBy: 'finished-executions',
});

export const schedule = (call: Omit<ScheduleCaller, 'kind'>): Caller => ({ kind: 'schedule', ...call });
export const pipelineSchedules = (prefix: string): Caller => ({ kind: 'pipeline-schedules', prefix });
/** Another function, which declares `calls` or `delivers` with this function's name. */
export const functionCall = (name: string): Caller => ({ kind: 'function', name });
/**
 * The function is reached without a check by Cloud Run, so it is a service, and has no other callers: what it does with a
 * call depends on the token that it verifies. It receives who the stack lets call each pipeline that takes requests.
 */
export const internet = (): Caller => ({ kind: 'internet' });
/**
 * Identity-Aware Proxy signs people in and is the only identity that may invoke the function, which is therefore a service
 * and has no other callers. It is deployed where the stack names someone.
 */
export const people = (): Caller => ({ kind: 'people' });
export const operators = (): Caller => ({ kind: 'operators' });

export const nameOfCaller = (caller: Caller): string => {
  switch (caller.kind) {
    case 'message':
      return `message ${caller.topic}`;
    case 'schedule':
    case 'function':
      return `${caller.kind} ${caller.name}`;
    case 'pipeline-schedules':
    case 'service-callers':
    case 'internet':
    case 'people':
    case 'operators':
      return caller.kind;
  }
};
