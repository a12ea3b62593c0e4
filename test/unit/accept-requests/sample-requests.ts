// What the tests of POST /pipeline/run share: a request's body, and the queue entry that accepts it.
import { queueEntry } from '../../../shared/requests/entry.ts';
import { parseJobId, queueObject } from '../../../shared/requests/names.ts';
import { idOf, type ApiPlace, type Received } from '../api/api-place.ts';

export const RUN = 'POST /pipeline/run';
export const body = (more: object = {}) => ({ pipeline: 'sample', parameters: { seconds: 2 }, ...more });

export const entriesOf = (place: ApiPlace) => place.requests.list('queue/', 100);

export async function entryOf(place: ApiPlace, received: Received) {
  const { pipeline, run } = parseJobId(idOf(received))!;
  const stored = await place.requests.readText(queueObject(pipeline, run), 1_000_000);
  return queueEntry.parse(JSON.parse(stored?.text ?? ''));
}
