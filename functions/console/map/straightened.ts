// Gives each place of each layer its distance from the left: near its neighbours above and below, and apart from those beside it.
import { neighboursOf, type Layered } from './layers.ts';

interface Sizes {
  readonly widthOf: (id: string) => number;
  readonly gap: number;
}

const ROUNDS = 16;
/** As if a part of a neighbour stood in the middle of the picture: without it, rows drift to the side. */
const TO_THE_MIDDLE = 0.35;

/** The middle of each place. */
export function straightened(
  layers: Layered['layers'],
  chains: Layered['chains'],
  sizes: Sizes,
): ReadonlyMap<string, number> {
  const beside = neighboursOf(chains);
  const middles = new Map<string, number>();
  for (const layer of layers)
    for (const [id, x] of apart(
      layer.map((each) => [each, 0]),
      sizes,
    ))
      middles.set(id, x);
  for (let round = 0; round < ROUNDS; round++) {
    const inTurn = round % 2 === 0 ? layers : layers.toReversed();
    for (const layer of inTurn) {
      const wanted = layer.map((id): readonly [string, number] => {
        const around = (beside.get(id) ?? []).map((each) => middles.get(each) ?? 0);
        return [id, around.reduce((sum, x) => sum + x, 0) / (around.length + TO_THE_MIDDLE)];
      });
      for (const [id, x] of apart(wanted, sizes)) middles.set(id, x);
    }
  }
  return middles;
}

/**
 * As near to where they want to be as their widths allow, in the same order: the mean of pushing all to the right and of
 * pushing all to the left.
 */
function apart(
  wanted: readonly (readonly [string, number])[],
  { widthOf, gap }: Sizes,
): readonly (readonly [string, number])[] {
  const distance = (one: string, other: string) => (widthOf(one) + widthOf(other)) / 2 + gap;
  const pushed = (all: readonly (readonly [string, number])[], sign: 1 | -1) => {
    const found: number[] = [];
    for (const [at, [id, x]] of all.entries()) {
      const before = all[at - 1];
      const least = before === undefined ? -Infinity : sign * (found[at - 1] ?? 0) + distance(before[0], id);
      found.push(sign * Math.max(sign * x, least));
    }
    return found;
  };
  const right = pushed(wanted, 1);
  const left = pushed(wanted.toReversed(), -1).toReversed();
  return wanted.map(([id], at) => [id, ((right[at] ?? 0) + (left[at] ?? 0)) / 2]);
}
