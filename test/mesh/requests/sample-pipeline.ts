// The pipeline of these tests: its runs are requested, and no job is executed here.
import { z } from 'zod';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';

export const sample: RequestsPipeline = {
  name: 'sample',
  trigger: {
    kind: 'requests',
    parameters: z.strictObject({
      seconds: z.number().min(0).max(3600).default(1),
      text: z.string().optional(),
    }),
    presets: { short: { description: 'A second', parameters: { seconds: 1 } } },
    units: ({ seconds }) => Number(seconds),
    concurrency: 2,
    approval: 'none',
    expiresAfter: 3_600_000,
    waitingPerOwner: 100,
    spending: { perOwner: 10, inAll: 100 },
  },
  job: { image: 'sample', cpu: 1, memory: '1Gi', timeout: 600_000, attempts: 2 },
  outputs: [{ kind: 'result', file: 'result.json', schema: z.unknown() }],
};

export const pipelines = new Map([[sample.name, sample]]);
