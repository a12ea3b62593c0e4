// The pipeline of the simulated requests, and what its job makes of the parameters.
import { z } from 'zod';
import { hours, minutes } from '../../../shared/pipelines/duration.ts';
import { result } from '../../../shared/pipelines/outputs.ts';
import { definePipeline, type RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { requests, type Requests } from '../../../shared/pipelines/requests.ts';
import type { Stack } from '../wiring.ts';

export const CONCURRENCY = 3;
export const WAITING_PER_OWNER = 50;

export const parameters = z.strictObject({
  /** Tells the content of one request from that of another. */
  what: z.string(),
  units: z.int().min(1).max(20),
  ends: z.enum(['succeed', 'refuse']),
});
export type SampleParameters = z.infer<typeof parameters>;

const trigger: Omit<Requests, 'kind'> = {
  parameters,
  presets: {},
  units: ({ units }) => Number(units),
  concurrency: CONCURRENCY,
  approval: 'none',
  expiresAfter: hours(3),
  waitingPerOwner: WAITING_PER_OWNER,
  spending: { perOwner: 1000, inAll: 10_000 },
};

const sampleOf = (approval: Requests['approval']): RequestsPipeline =>
  definePipeline({
    name: 'sample',
    trigger: requests({ ...trigger, approval }),
    job: { image: 'sample', cpu: 1, memory: '512Mi', timeout: minutes(30), attempts: 2 },
    outputs: [result({ file: 'result.json', schema: z.strictObject({ of: z.string() }) })],
  });

export const sample = sampleOf('none');
/** The same, where an approver decides before a run starts. */
export const approvedSample = sampleOf('before-start');

export const OWNERS = ['ann', 'ben', 'cleo', 'dan', 'eve'] as const;
export type OwnerName = (typeof OWNERS)[number];
export const APPROVER = 'zoe';
export const addressOf = (name: string): string => `${name}@simulation.test`;

/** The stack is the same for both: the approval is no part of it. */
export const stack: Stack = {
  pipelines: [sample],
  config: {
    'sample:callers': OWNERS.map(addressOf).join(','),
    'sample:approvers': addressOf(APPROVER),
  },
};

/** The text of the result: it shows whose parameters it is of. */
export const resultOf = ({ what, units }: SampleParameters): string =>
  JSON.stringify({ of: `${what} ${units}` });
