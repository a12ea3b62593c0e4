// The pipeline and run of a dead letter, as far as it can be read.
import { z } from 'zod';
import { isPipelineName, isRunId } from '../runs/names.ts';
import type { DeadLetter } from './dead-letters.ts';

export interface About {
  readonly pipeline: string | undefined;
  readonly run: string | undefined;
}

const named = z.object({ pipeline: z.unknown(), run: z.unknown() }).partial();

/** From the data of a message of the mesh, or from the object name of a notification; otherwise undefined. */
export function aboutOf({ data, attributes }: Pick<DeadLetter, 'data' | 'attributes'>): About {
  const [first, second] = attributes.objectId?.split('/') ?? namesIn(data);
  return {
    pipeline: typeof first === 'string' && isPipelineName(first) ? first : undefined,
    run: typeof second === 'string' && isRunId(second) ? second : undefined,
  };
}

function namesIn(data: Buffer): readonly unknown[] {
  try {
    const { pipeline, run } = named.parse(JSON.parse(data.toString('utf8')));
    return [pipeline, run];
  } catch {
    // A poison message may be anything.
    return [];
  }
}
