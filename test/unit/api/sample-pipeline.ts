// The pipeline that the tests of the requests API share: it takes seconds and a text, and its job is executed by none of them.
import { z } from 'zod';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { Requests } from '../../../shared/pipelines/requests.ts';

export const samplePipeline = (name: string, trigger: Partial<Requests> = {}): RequestsPipeline => ({
  name,
  trigger: {
    kind: 'requests',
    parameters: z.strictObject({
      seconds: z.number().min(0).max(3600).default(1),
      text: z.string().optional(),
    }),
    presets: {
      short: {
        description: 'A second',
        parameters: { seconds: 1 },
        bounds: z.looseObject({ seconds: z.number().max(10) }),
      },
    },
    units: ({ seconds }) => Number(seconds),
    concurrency: 2,
    approval: 'none',
    expiresAfter: 3_600_000,
    waitingPerOwner: 3,
    spending: { perOwner: 10, inAll: 100 },
    ...trigger,
  },
  job: { image: 'sample', cpu: 1, memory: '1Gi', timeout: 600_000, attempts: 2 },
  outputs: [{ kind: 'result', file: 'result.json', schema: z.unknown() }],
});
