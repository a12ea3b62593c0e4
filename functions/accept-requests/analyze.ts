// POST /api/analyze: a path of its own for runs of heat-analyze, whose body is the parameters alone.
import type { AskedBy } from '../../shared/api/asked.ts';
import { runBody } from '../../shared/api/schemas.ts';
import type { Answer } from '../../shared/http/call.ts';
import { HEAT_ANALYZE } from '../../models/heat/analyze.ts';
import { requestRun } from './accept.ts';
import type { Ports } from './ports.ts';

/** The body that POST /pipeline/run would have: so a key is the same job on both paths. */
export async function requestAnalysis(asked: AskedBy, ports: Ports): Promise<Answer> {
  const body = runBody.parse({ pipeline: HEAT_ANALYZE, parameters: asked.body });
  return requestRun({ ...asked, body }, ports, '');
}
