// GET /presets: what the caller may start from, and the schema of the parameters of each pipeline.
import { z } from 'zod';
import type { AskedBy } from '../../shared/api/asked.ts';
import { ApiProblem } from '../../shared/api/problems.ts';
import { answered, type Answer } from '../../shared/http/call.ts';
import type { RequestsPipeline } from '../../shared/pipelines/pipeline.ts';
import type { Ports } from './ports.ts';

const presetsOf = ({ name: pipeline, trigger }: RequestsPipeline) =>
  Object.entries(trigger.presets).map(([name, { description, parameters }]) => ({
    ...{ pipeline, name, description, parameters },
  }));

export function listPresets({ caller }: AskedBy, { access }: Ports): Answer {
  const pipelines = access.requestable(caller);
  return answered({
    presets: pipelines.flatMap(presetsOf),
    pipelines: pipelines.map(({ name, trigger }) => ({
      pipeline: name,
      parameters: z.toJSONSchema(trigger.parameters, { io: 'input', unrepresentable: 'any' }),
    })),
  });
}

export function getPreset({ caller, params, query }: AskedBy, { access }: Ports): Answer {
  const { pipeline } = query as { readonly pipeline?: string };
  const found = access
    .requestable(caller)
    .filter(({ name }) => pipeline === undefined || name === pipeline)
    .flatMap(presetsOf)
    .find(({ name }) => name === params['name']);
  if (found !== undefined) return answered(found);
  throw new ApiProblem('preset-not-found', 'There is no such preset of a pipeline that the caller may use.');
}
