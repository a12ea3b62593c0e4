// The story of a pin: an entry of the ledger keeps the champion, or lets training promote again.
import { isObjects, type PublishedOutput } from '../../shared/outputs/published.ts';
import type { RunOutcome } from '../../shared/runs/outcome.ts';
import { changeModels, type ChangePorts, type Requested } from './change-models.ts';

export interface Pin extends Requested {
  /** False removes the pin. */
  readonly pinned: boolean;
}

/** Every model of the pipeline is pinned, as it is current when the entry is made. */
export const pinModels = (pin: Pin, ports: ChangePorts): Promise<RunOutcome> =>
  changeModels(
    pin,
    {
      kind: pin.pinned ? 'pin' : 'unpin',
      after: ({ outputs }) => Promise.resolve(outputs.map((output) => withPin(output, pin.pinned))),
      message: ({ run }) =>
        pin.pinned
          ? `The champion of run ${run} is pinned: training registers candidates and promotes none.`
          : `The champion of run ${run} is no longer pinned: it stays until a candidate is better.`,
    },
    ports,
  );

const withPin = (output: PublishedOutput, pinned: boolean): PublishedOutput =>
  isObjects(output) && output.kind === 'model' ? { ...output, pinned } : output;
