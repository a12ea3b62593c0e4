// The clock of a simulated mesh: whole milliseconds, as every service keeps them.
import { type CancelTimer, VirtualClock } from '../../local/clock.ts';

export class WholeClock extends VirtualClock {
  override at(atMs: number, fire: () => void): CancelTimer {
    return super.at(Math.round(atMs), fire);
  }
}
