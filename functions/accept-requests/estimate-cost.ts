// POST /cost-estimate: what a run would cost; nothing is recorded.
import type { z } from 'zod';
import type { AskedBy } from '../../shared/api/asked.ts';
import type { estimateBody } from '../../shared/api/schemas.ts';
import { answered, type Answer } from '../../shared/http/call.ts';
import { parametersOf } from './parameters.ts';
import { estimateFor } from './plan.ts';
import type { Ports } from './ports.ts';

export async function estimateCost({ caller, body }: AskedBy, { access, histories }: Ports): Promise<Answer> {
  const wanted = body as z.infer<typeof estimateBody>;
  const pipeline = access.toRequest(caller, wanted.pipeline);
  const parameters = parametersOf(pipeline.trigger, wanted);
  return answered(estimateFor(pipeline, parameters, await histories.of(pipeline.name)));
}
