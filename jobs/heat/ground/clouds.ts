// The classes of Sentinel-2's scene classification, and which of them show the ground.

export const SCENE_CLASSES = {
  noData: 0,
  saturated: 1,
  dark: 2,
  cloudShadow: 3,
  vegetation: 4,
  bare: 5,
  water: 6,
  unclassified: 7,
  cloudMedium: 8,
  cloudHigh: 9,
  cirrus: 10,
  snow: 11,
} as const;

const HIDDEN: ReadonlySet<number> = new Set([
  SCENE_CLASSES.noData,
  SCENE_CLASSES.saturated,
  SCENE_CLASSES.cloudShadow,
  SCENE_CLASSES.cloudMedium,
  SCENE_CLASSES.cloudHigh,
  SCENE_CLASSES.cirrus,
]);

/** What is not known is not clear. */
export const isClear = (value: number): boolean => !Number.isNaN(value) && !HIDDEN.has(value);
