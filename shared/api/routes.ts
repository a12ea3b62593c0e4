// The routes of the requests API, as data: the functions, the OpenAPI document and the client follow from them.
import { z } from 'zod';
import type { Routed } from '../http/router.ts';
import type { ProblemName } from './problems.ts';
import {
  analysisBody,
  approvalBody,
  cancelBody,
  estimateBody,
  estimateView,
  gateAnswer,
  health,
  job,
  jobList,
  presetList,
  presetView,
  runBody,
  STATES,
} from './schemas.ts';

/** Writing and reading are two functions, so that long polls and streams cannot starve acceptance. */
export const API_FUNCTIONS = ['accept-requests', 'read-requests'] as const;
export type ApiFunction = (typeof API_FUNCTIONS)[number];

export interface ApiAnswer {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** `application/json` by default, where there is a schema. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route extends Routed {
  readonly id: string;
  readonly servedBy: readonly ApiFunction[];
  readonly summary: string;
  /** Answers without a token. */
  readonly isOpen?: true;
  /** Headers of this route, each with what it is for. */
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly required?: true }>>;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answers: Readonly<Record<number, ApiAnswer>>;
  readonly problems: readonly ProblemName[];
}

const accept: readonly ApiFunction[] = ['accept-requests'];
const read: readonly ApiFunction[] = ['read-requests'];
const RETRY_AFTER = {
  'Retry-After': 'Seconds to wait before the next poll; they grow with the age of the job',
};
const ETAG = { ETag: 'Names what is shown; quote it in If-None-Match' };

/** Of the routes that request a run. */
const KEY = {
  'Idempotency-Key': {
    description: 'Chosen by the caller, 1 to 255 visible ASCII characters: one key, one job',
    required: true,
  },
} as const;
const ACCEPTED = {
  202: {
    description: 'Accepted, or accepted before: the job',
    schema: job,
    headers: {
      Location: 'The path of the job',
      ...RETRY_AFTER,
      RateLimit: 'What is left of the bound on requests',
      'RateLimit-Policy': 'The bound',
    },
  },
} as const;
const REFUSED: readonly ProblemName[] = [
  ...(['idempotency-key-missing', 'idempotency-key-invalid', 'idempotency-key-reused'] as const),
  ...(['forbidden', 'max-cost-too-low', 'cost-over-bound', 'rate-limited', 'too-many-waiting'] as const),
];

export const jobParameter = z.string().describe('The id of a job, as POST /pipeline/run answered it');

export const jobsQuery = z.strictObject({
  state: z.enum(STATES).optional().describe('Only jobs in this state'),
  cursor: z.string().max(500).optional().describe('The `next_cursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('How many jobs at most'),
});

export const ROUTES = [
  {
    id: 'requestRun',
    method: 'POST',
    path: '/pipeline/run',
    servedBy: accept,
    summary: 'Requests a run. The same key with the same body is the same job, for 400 days',
    headers: KEY,
    body: runBody,
    answers: ACCEPTED,
    problems: REFUSED,
  },
  {
    id: 'requestAnalysis',
    method: 'POST',
    path: '/api/analyze',
    servedBy: accept,
    summary:
      'Requests an analysis of the heat in a city: as POST /pipeline/run does for heat-analyze with these parameters',
    headers: KEY,
    body: analysisBody,
    answers: ACCEPTED,
    problems: REFUSED,
  },
  {
    id: 'estimateCost',
    method: 'POST',
    path: '/cost-estimate',
    servedBy: accept,
    summary: 'What a run would cost, from the time that earlier runs took',
    body: estimateBody,
    answers: { 200: { description: 'The estimate', schema: estimateView } },
    problems: ['forbidden'],
  },
  {
    id: 'cancelJob',
    method: 'POST',
    path: '/pipeline/job/{id}/cancel',
    servedBy: accept,
    summary: 'Cancels the job before it starts, or before its result is published',
    body: cancelBody,
    answers: { 202: { description: 'Cancelled, or being cancelled', schema: gateAnswer } },
    problems: ['job-not-found', 'job-ended', 'too-late'],
  },
  {
    id: 'approveJob',
    method: 'POST',
    path: '/pipeline/job/{id}/approve',
    servedBy: accept,
    summary: 'Lets a job start that waits for an approval',
    body: approvalBody,
    answers: { 200: { description: 'Approved', schema: gateAnswer } },
    problems: [
      'job-not-found',
      'forbidden',
      'job-ended',
      'too-late',
      'no-approval-asked',
      'estimate-changed',
    ],
  },
  {
    id: 'rejectJob',
    method: 'POST',
    path: '/pipeline/job/{id}/reject',
    servedBy: accept,
    summary: 'Ends a job that waits for an approval',
    body: approvalBody,
    answers: { 200: { description: 'Rejected', schema: gateAnswer } },
    problems: [
      'job-not-found',
      'forbidden',
      'job-ended',
      'too-late',
      'no-approval-asked',
      'estimate-changed',
    ],
  },
  {
    id: 'eraseContent',
    method: 'DELETE',
    path: '/pipeline/job/{id}/content',
    servedBy: accept,
    summary: 'Erases what the caller sent and the result, after the job has ended; its record stays',
    answers: { 204: { description: 'Erased, or erased before' } },
    problems: ['job-not-found', 'job-not-ended'],
  },
  {
    id: 'getJob',
    method: 'GET',
    path: '/pipeline/job/{id}',
    servedBy: read,
    summary: 'The job. With `Prefer: wait=20` the answer waits for a change',
    headers: {
      'If-None-Match': { description: 'The ETag that the caller knows' },
      Prefer: { description: '`wait=<seconds>`, 20 at most' },
    },
    answers: {
      200: { description: 'The job', schema: job, headers: { ...ETAG, ...RETRY_AFTER } },
      304: { description: 'Unchanged', headers: { ...ETAG, ...RETRY_AFTER } },
    },
    problems: ['job-not-found'],
  },
  {
    id: 'followJob',
    method: 'GET',
    path: '/pipeline/job/{id}/events',
    servedBy: read,
    summary: 'Server-sent events: the job at each change, until it is done; closed after 55 s',
    headers: { 'Last-Event-ID': { description: 'The id of the last event that was received' } },
    answers: {
      200: { description: 'Events named `job`, each with the job as data', type: 'text/event-stream' },
      204: { description: 'The job is done, and the last event was received: do not connect again' },
    },
    problems: ['job-not-found', 'rate-limited'],
  },
  {
    id: 'listJobs',
    method: 'GET',
    path: '/pipeline/jobs',
    servedBy: read,
    summary: "The caller's own jobs, newest first",
    query: jobsQuery,
    answers: { 200: { description: 'A page of jobs', schema: jobList } },
    problems: ['cursor-invalid'],
  },
  {
    id: 'getResult',
    method: 'GET',
    path: '/pipeline/job/{id}/result',
    servedBy: read,
    summary: 'Where the result can be downloaded for 10 minutes',
    query: z.strictObject({
      file: z
        .string()
        .max(200)
        .optional()
        .describe('An attachment of the result; by default the result itself'),
    }),
    answers: { 302: { description: 'The link', headers: { Location: 'A signed link of 10 minutes' } } },
    problems: ['job-not-found', 'job-not-ended', 'no-result', 'content-erased'],
  },
  {
    id: 'listPresets',
    method: 'GET',
    path: '/presets',
    servedBy: read,
    summary: 'The presets and the parameters of the pipelines that the caller may request runs of',
    answers: { 200: { description: 'The presets', schema: presetList } },
    problems: [],
  },
  {
    id: 'getPreset',
    method: 'GET',
    path: '/presets/{name}',
    servedBy: read,
    summary: 'One preset',
    query: z.strictObject({
      pipeline: z.string().max(30).optional().describe('Where two pipelines have it'),
    }),
    answers: { 200: { description: 'The preset', schema: presetView } },
    problems: ['preset-not-found'],
  },
  {
    id: 'getHealth',
    method: 'GET',
    path: '/health',
    servedBy: [...accept, ...read],
    summary: 'Whether the function answers',
    isOpen: true,
    answers: { 200: { description: 'It does', schema: health } },
    problems: [],
  },
  {
    id: 'getDocument',
    method: 'GET',
    path: '/openapi.json',
    servedBy: [...accept, ...read],
    summary: 'This document',
    isOpen: true,
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) } },
    problems: [],
  },
] as const satisfies readonly Route[];

export type RouteId = (typeof ROUTES)[number]['id'];
