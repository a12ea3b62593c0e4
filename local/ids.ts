// Where the local cloud's random names come from; handed in, so that a simulation can repeat them.
import { randomUUID } from 'node:crypto';

/** Each call gives a new lower-case UUID-shaped name. */
export type NewId = () => string;

export const randomIds: NewId = () => randomUUID();

/** Ids that repeat: `00000000-0000-4000-8000-000000000001`, and so on. */
export function countedIds(): NewId {
  let count = 0;
  return () => `00000000-0000-4000-8000-${(++count).toString(16).padStart(12, '0')}`;
}
