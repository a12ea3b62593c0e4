// Messages on their way: lost, doubled or late; and the functions that they reach, answering as HTTP does.
import type { Interference, Post } from '../../local/pubsub/pubsub.ts';
import { messageOf } from '../../shared/errors.ts';
import { functionAt, type Push, type Receive } from './adapters.ts';
import { shortOf } from './executions.ts';
import type { Instances } from './instances.ts';
import type { Wire } from './wire.ts';

/**
 * `storm`: everything goes wrong. `events-only`: nothing does, and the sweep is off. `sweep-only`: nothing
 * does, but that no message and no event of the mesh ever arrives.
 */
export type Weather = 'storm' | 'events-only' | 'sweep-only';

const LATEST_MS = 5 * 60_000;
const SOON_MS = 2000;
const SHARE_OF_SILENT_DEATHS = 0.3;

/** What no function can read. */
export const POISON = [
  'not json',
  '{"pipeline":"carmila"}',
  '{"pipeline":"nobody","run":"000001-00000000"}',
  '{"pipeline":"carmila","run":"../../etc/passwd"}',
  '{"pipeline":"carmila","run":"000001-00000000","what":"else"}',
  `{"pipeline":"carmila'; DROP TABLE x","run":"000001-00000000"}`,
];

/** What the oracle of a world notes of messages. */
export interface MessageNotes {
  isPoison(data: string): boolean;
  onRefused(data: string, reason: string): void;
}

export class Deliveries {
  readonly #weather: Weather;
  readonly #wire: Wire;
  readonly #instances: Instances;
  readonly #oracle: MessageNotes;
  readonly #receive: Receive;

  constructor(o: {
    weather: Weather;
    wire: Wire;
    instances: Instances;
    oracle: MessageNotes;
    receive: Receive;
  }) {
    this.#weather = o.weather;
    this.#wire = o.wire;
    this.#instances = o.instances;
    this.#oracle = o.oracle;
    this.#receive = o.receive;
  }

  readonly interfere: Interference = ({ subscription, message }) => {
    const name = subscription.split('/').at(-1) ?? '';
    if (name.endsWith('dead-letter')) return 'deliver';
    // What a person asked for has no sweep to make up for it.
    const isAsked = name.startsWith('load-requested') || this.#oracle.isPoison(message.data);
    if (this.#weather === 'sweep-only' && !isAsked) return 'lose';
    // It would only wake the sweep, which is off.
    if (this.#weather === 'events-only' && name.endsWith('-to-sweep-runs')) return 'lose';
    const key = this.#instances.numbered(`message to ${name} ${subjectOf(message.data)}`);
    const { decisions } = this.#wire;
    if (this.#weather === 'events-only') return decisions.draw(key) < 0.3 ? 'twice' : 'deliver';
    return decisions.strike(key, isAsked ? { twice: 0.2 } : { lose: 0.12, twice: 0.15 }) ?? 'deliver';
  };

  /** A push of Pub/Sub. */
  readonly receive: Post = async ({ url, body }) => {
    const name = functionAt(url);
    const push = JSON.parse(body) as Push;
    const { data } = push.message;
    const subject = subjectOf(data);
    await this.#beLate(this.#instances.numbered(`delivery to ${name} ${subject}`));
    const instance = this.#instances.birth(name, subject);
    const { pathname: path } = new URL(url);
    const story = () => this.#receive(name, instance, push, path);
    try {
      await this.#instances.run(instance, story);
      return 204;
    } catch (error) {
      this.#wire.trace(`${instance.name}: ${messageOf(error)}`);
      this.#oracle.onRefused(data, messageOf(error));
      // A killed instance may leave its caller waiting until the deadline.
      const isSilent = this.#wire.decisions.draw(`${instance.name} falls silent`) < SHARE_OF_SILENT_DEATHS;
      return instance.dead && isSilent ? new Promise<number>(() => undefined) : 500;
    }
  };

  async #beLate(key: string): Promise<void> {
    const { clock, decisions } = this.#wire;
    const chance = decisions.draw(`${key} takes`);
    const isLate = decisions.strike(key, { 'comes late': 0.12 }) !== undefined;
    // Where nothing else goes wrong, lateness is what there is.
    const lateMs =
      this.#weather === 'storm' ? chance * (isLate ? LATEST_MS : SOON_MS) : chance ** 3 * LATEST_MS;
    await new Promise<void>((resolve) => clock.at(clock.now() + lateMs, resolve));
  }
}

const RUN = /\d{6}-[0-9a-f]{8}(?![0-9a-f])|r[0-9a-f]{16}-[0-9a-f]{32}/;

/** The run that a message is about. */
function subjectOf(data: string): string {
  const run = RUN.exec(Buffer.from(data, 'base64').toString('utf8'))?.[0];
  return run === undefined ? 'something' : `run ${shortOf(run)}`;
}
