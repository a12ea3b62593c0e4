// Deliveries that a drill asks for: the next message of a subscription is lost, or comes twice.
import type { Interference } from '../../local/pubsub/pubsub.ts';

export type Fate = 'lose' | 'twice';

export class Deliveries {
  readonly #planned = new Map<string, { readonly fate: Fate; readonly onStrike: () => void }>();

  /** Of the next message of the subscription; a second plan takes the place of the first. */
  plan(subscription: string, fate: Fate, onStrike: () => void): void {
    this.#planned.set(subscription, { fate, onStrike });
  }

  clear(): void {
    this.#planned.clear();
  }

  readonly interference: Interference = ({ subscription }) => {
    const name = subscription.slice(subscription.lastIndexOf('/') + 1);
    const planned = this.#planned.get(name);
    if (planned === undefined) return 'deliver';
    this.#planned.delete(name);
    planned.onStrike();
    return planned.fate;
  };
}
