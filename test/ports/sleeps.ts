// A pipeline whose runs are requested: its job waits as long as it is asked to, and ends as it is asked to.
import { z } from 'zod';
import { hours, minutes } from '../../shared/pipelines/duration.ts';
import { result } from '../../shared/pipelines/outputs.ts';
import { definePipeline, type RequestsPipeline } from '../../shared/pipelines/pipeline.ts';
import { requests } from '../../shared/pipelines/requests.ts';

const parameters = z.strictObject({
  seconds: z.number().min(0).max(600),
  ends: z.enum(['succeed', 'fail', 'refuse', 'hang', 'exit-without-output', 'die-once']),
  units: z.number().min(0).max(1000),
});

export const sleeps: RequestsPipeline = definePipeline({
  name: 'sleeps',
  trigger: requests({
    parameters,
    presets: {
      quick: { description: 'Ends at once', parameters: { seconds: 0, ends: 'succeed', units: 1 } },
    },
    units: ({ units }) => Number(units),
    concurrency: 2,
    approval: 'none',
    expiresAfter: hours(24),
    waitingPerOwner: 10,
    spending: { perOwner: 10, inAll: 100 },
  }),
  job: { image: 'sleep', cpu: 1, memory: '512Mi', timeout: minutes(5), attempts: 2 },
  outputs: [
    result({
      file: 'answer.json',
      schema: z.strictObject({ slept: z.number(), units: z.number() }),
      attachments: /\.csv$/,
    }),
  ],
});
