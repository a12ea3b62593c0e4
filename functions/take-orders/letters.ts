// Dead letters, by order: published again where they came from, or dropped for good.
import {
  holding,
  redrivenAttributes,
  type DeadLetter,
  type HeldLetter,
} from '../../shared/dead-letters/letters.ts';
import {
  done,
  refused,
  type AcceptedOrder,
  type LetterOrder,
  type OrderResult,
} from '../../shared/orders/order.ts';
import type { Mesh } from './mesh.ts';

type Given = AcceptedOrder<LetterOrder>;

/** A letter is forgotten only once its publication was answered: cut off in between, it is delivered twice. */
export function redriveLetters({ order }: Given, mesh: Mesh): Promise<OrderResult> {
  return withEach(order, mesh, 'published again', (letter) =>
    mesh.letters.publish(order.subscription, {
      data: letter.data,
      attributes: redrivenAttributes(letter, order.id),
    }),
  );
}

export function dropLetters({ order }: Given, mesh: Mesh): Promise<OrderResult> {
  return withEach(order, mesh, 'dropped', (letter) => {
    mesh.log.warn({ ...printable(letter), order: order.id }, `dropped the dead letter ${letter.id}`);
    return Promise.resolve();
  });
}

function withEach(
  { subscription, letters }: Given['order'],
  mesh: Mesh,
  what: string,
  act: (letter: HeldLetter) => Promise<void>,
): Promise<OrderResult> {
  return holding(mesh.letters, subscription, async (held, forget) => {
    const wanted = held.letters.filter(({ id }) => letters.includes(id));
    for (const letter of wanted) {
      await act(letter);
      await forget(letter);
    }
    const missing = letters.filter((id) => !wanted.some((letter) => letter.id === id));
    const gone = held.isAll
      ? `not there: ${missing.join(', ')} (worked with before, or being looked at by somebody else)`
      : `not among the ${held.letters.length} that were looked at: ${missing.join(', ')} (there may be more; give another order for them)`;
    if (wanted.length === 0) return refused(`${what}: none. ${gone}.`);
    return done(`${what}: ${wanted.map(({ id }) => id).join(', ')}${missing.length > 0 ? `; ${gone}` : ''}.`);
  });
}

const LONGEST_SHOWN = 2000;

/** The log is the last place where a dropped letter can be read. */
const printable = ({ id, subscription, data, attributes, diedAt }: DeadLetter) => ({
  letter: { id, subscription, attributes, diedAt, data: data.toString('utf8').slice(0, LONGEST_SHOWN) },
});
