// Which of the scenes are read: those that cover most of the extent, and of those the ones with the fewest clouds.
import type { BoundingBox } from '../../city/target-grid.ts';
import type { Scene } from './search.ts';

/** Of the extent: a scene that covers a hundredth less is as good. */
const STEP = 0.01;

export interface ChosenScene {
  readonly scene: Scene;
  /** Of the extent, 0 to 1. */
  readonly share: number;
}

/** At most `most`; empty where no scene overlaps the extent and has all assets. */
export function chooseScenes(
  scenes: readonly Scene[],
  extent: BoundingBox,
  assets: readonly string[],
  most: number,
): readonly ChosenScene[] {
  return scenes
    .filter(({ assets: own }) => assets.every((name) => Object.hasOwn(own, name)))
    .map((scene) => ({ scene, share: shareOf(boxOf(scene), extent) }))
    .filter(({ share }) => share > 0)
    .toSorted(
      (one, other) =>
        Math.round(other.share / STEP) - Math.round(one.share / STEP) ||
        cloudsOf(one.scene) - cloudsOf(other.scene) ||
        (one.scene.id < other.scene.id ? -1 : 1),
    )
    .slice(0, most);
}

/** With heights the box has six numbers. */
function boxOf({ bbox }: Scene): BoundingBox {
  const half = bbox.length / 2;
  return [bbox[0]!, bbox[1]!, bbox[half]!, bbox[half + 1]!];
}

const cloudsOf = ({ properties }: Scene): number => properties['eo:cloud_cover'] ?? 100;

function shareOf([west, south, east, north]: BoundingBox, [left, bottom, right, top]: BoundingBox): number {
  const width = Math.min(east, right) - Math.max(west, left);
  const height = Math.min(north, top) - Math.max(south, bottom);
  return width <= 0 || height <= 0 ? 0 : (width * height) / ((right - left) * (top - bottom));
}
