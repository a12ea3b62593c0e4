// What the requests API takes and answers: the schemas of its bodies, for the functions, the document and the client.
import { z } from 'zod';
import { estimate } from '../requests/estimate.ts';

/** A closed list. Beside it, `done` ends the poll loop of a client that does not know a later state. */
export const STATES = [
  'waiting-approval',
  'queued',
  'starting',
  'running',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'expired',
  'rejected',
  'held',
] as const;
export type JobState = (typeof STATES)[number];

const pipeline = z.string().min(1).max(30).describe('The pipeline whose job runs');
const preset = z.string().min(1).max(40).describe('A named set of parameters to start from');
const parameters = z
  .record(z.string(), z.unknown())
  .describe("The parameters of the pipeline's job, over those of the preset");
const dollars = z.number().min(0).max(1_000_000);
const time = z.iso.datetime();

export const runBody = z
  .strictObject({
    pipeline,
    preset: preset.optional(),
    parameters: parameters.optional(),
    max_cost: dollars.optional().describe('US dollars: the run is refused where it certainly costs more'),
    priority: z
      .int()
      .min(0)
      .max(9)
      .default(5)
      .describe('Orders the requests of one caller: 0 starts first, 9 last'),
  })
  .meta({ id: 'RunRequest' });
export type RunBody = z.infer<typeof runBody>;

/** The schema of the pipeline itself checks it, as it checks the parameters of any run. */
export const analysisBody = z
  .record(z.string(), z.unknown())
  .describe('The parameters of the pipeline heat-analyze; GET /presets shows their schema')
  .meta({ id: 'AnalysisRequest' });

export const estimateBody = z
  .strictObject({ pipeline, preset: preset.optional(), parameters: parameters.optional() })
  .meta({ id: 'EstimateRequest' });

const reason = z.string().trim().min(1).max(500).describe('Recorded, and shown with the job');
export const cancelBody = z.strictObject({ reason }).meta({ id: 'CancelRequest' });
export const approvalBody = z
  .strictObject({
    reason,
    estimate_hash: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .describe('The `estimate.hash` of the job as it was shown to the approver'),
  })
  .meta({ id: 'ApprovalRequest' });

export const estimateView = estimate.meta({ id: 'Estimate' });

const resultView = z.object({
  name: z.string(),
  size: z.int(),
  attachments: z.array(z.string()),
});

export const links = z
  .object({
    self: z.string(),
    events: z.string(),
    cancel: z.string(),
    result: z.string(),
    content: z.string(),
  })
  .describe(
    'Paths; `self`, `events` and `result` are served by read-requests, the others by accept-requests',
  );

export const job = z
  .object({
    job_id: z.string(),
    pipeline: z.string(),
    state: z.enum(STATES),
    done: z.boolean().describe('Whether the state is final'),
    code: z.string().nullable().describe('Why it ended so: a stable code'),
    reason: z.string().nullable().describe('The same, for people'),
    history: z.array(z.object({ state: z.enum(STATES), at: time })),
    position: z.int().min(1).nullable().describe('The place in line of a queued job; approximate'),
    preset: z.string().nullable(),
    priority: z.int(),
    accepted_at: time,
    expires_at: time.describe('A job that has not started by then ends as expired'),
    estimate: estimateView,
    max_cost: z.number().nullable(),
    cost: z.number().nullable().describe('US dollars so far, from the time that its executions took'),
    result: resultView.nullable(),
    links,
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof job>;

export const jobList = z
  .object({
    jobs: z.array(
      z.object({
        job_id: z.string(),
        pipeline: z.string(),
        accepted_at: time,
        state: z.enum(STATES),
        done: z.boolean(),
        links,
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'JobList' });
export type JobList = z.infer<typeof jobList>;

export const gateAnswer = z
  .object({
    job_id: z.string(),
    state: z.enum(STATES),
    done: z.boolean(),
    decided: z.enum(['approved', 'rejected', 'cancelled']),
    gate: z.enum(['approval', 'start', 'decision']).describe('Where the decision was made'),
    by: z.string(),
    at: time,
  })
  .meta({ id: 'Decided' });

export const presetView = z
  .object({ pipeline: z.string(), name: z.string(), description: z.string(), parameters })
  .meta({ id: 'Preset' });
export const presetList = z
  .object({
    presets: z.array(presetView),
    pipelines: z.array(
      z.object({
        pipeline: z.string(),
        parameters: z.unknown().describe('The JSON schema of its parameters'),
      }),
    ),
  })
  .meta({ id: 'PresetList' });

export const health = z
  .object({ status: z.literal('ok'), function: z.string(), pipelines: z.array(z.string()) })
  .meta({ id: 'Health' });

export const problem = z
  .looseObject({
    type: z.string().describe('Stable: `urn:sluice:problem:<name>`'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    trace_id: z.string(),
    errors: z
      .array(z.object({ pointer: z.string().optional(), in: z.string().optional(), detail: z.string() }))
      .optional(),
    error_count: z.int().optional(),
  })
  .meta({ id: 'Problem' });
