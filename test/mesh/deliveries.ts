// How deliveries fare in a run of the mesh's tests: each once, each twice, or no event at all (law 7).
import type { Interference } from '../../local/pubsub/pubsub.ts';

export type Deliveries = 'once' | 'twice' | 'never';

/** The mode of this process: `MESH_DELIVERIES`, which the tests read and nothing else does. Default `once`. */
export const deliveries = modeOf(process.env['MESH_DELIVERIES'] ?? 'once');

function modeOf(text: string): Deliveries {
  if (text === 'once' || text === 'twice' || text === 'never') return text;
  throw new Error(`MESH_DELIVERIES is "${text}"; expected once, twice or never`);
}

/**
 * What the mode does to a message for one topic. `never` loses what only makes things quick: the mesh's own
 * calls, the events of buckets and of Cloud Run. A replay that an operator requests by message is an input, and a dead letter is
 * an end: nothing could stand in for either.
 */
export function fateOf(topic: string, mode: Deliveries = deliveries): 'deliver' | 'lose' | 'twice' {
  if (mode === 'once') return 'deliver';
  if (mode === 'twice') return 'twice';
  return /\/(run-requested|output-finalized|source-finalized|execution-finished)$/.test(topic)
    ? 'lose'
    : 'deliver';
}

/** The test's own faults first, then the mode's; `struck` is called for each message that the mode touched. */
export function interfering(
  mode: Deliveries,
  own: Interference | undefined,
  struck: () => void,
): Interference {
  return (arrival) => {
    const wanted = own?.(arrival) ?? 'deliver';
    if (wanted !== 'deliver') return wanted;
    const fate = fateOf(arrival.topic, mode);
    if (fate !== 'deliver') struck();
    return fate;
  };
}
