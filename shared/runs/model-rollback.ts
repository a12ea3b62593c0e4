// The rollback of a model: which version becomes current again, and which one it replaces.
import { z } from 'zod';
import { isOutputName } from '../pipelines/outputs.ts';
import { isPublicationId } from './names.ts';

/** The publication in whose folder a version of a model is. */
const version = z
  .string()
  .refine(isPublicationId, 'expected the id of a publication like bikes-000005-3fa9c1d2');

export const modelRollback = z.strictObject({
  model: z.string().refine(isOutputName, 'expected the name of a model'),
  to: version,
  /** The version that the operator found to be current; if another one is by then, nothing changes. */
  replaces: version,
});
export type ModelRollback = z.infer<typeof modelRollback>;
