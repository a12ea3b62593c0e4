// Colour scales: from a value to one of 256 colours, between anchors that grow lighter evenly and suit the colour-blind.

export type Colour = readonly [red: number, green: number, blue: number];

export type ScaleName = 'heat' | 'vegetation' | 'difference';

/** `heat` follows matplotlib's inferno; `difference` has white in its middle. */
const ANCHORS: Readonly<Record<ScaleName, readonly string[]>> = {
  heat: ['000004', '1b0c41', '4a0c6b', '781c6d', 'a52c60', 'cf4446', 'ed6925', 'fb9b06', 'f7d13d', 'fcffa4'],
  vegetation: [
    '543005',
    '8c510a',
    'bf812d',
    'dfc27d',
    'f6e8c3',
    'c7eae5',
    '80cdc1',
    '35978f',
    '01665e',
    '003c30',
  ],
  difference: [
    '053061',
    '2166ac',
    '4393c3',
    '92c5de',
    'd1e5f0',
    'f7f7f7',
    'fddbc7',
    'f4a582',
    'd6604d',
    'b2182b',
    '67001f',
  ],
};

const colourOf = (hex: string): Colour =>
  [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];

/** `count` colours, evenly along the scale. */
export function paletteOf(name: ScaleName, count: number): readonly Colour[] {
  const anchors = ANCHORS[name].map(colourOf);
  return Array.from({ length: count }, (_, at) => {
    const place = (at / (count - 1)) * (anchors.length - 1);
    const before = Math.min(anchors.length - 2, Math.floor(place));
    const [from, to] = [anchors[before]!, anchors[before + 1]!];
    return from.map((part, channel) => Math.round(part + (to[channel]! - part) * (place - before))) as [
      number,
      number,
      number,
    ];
  });
}
