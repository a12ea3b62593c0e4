// A font of 5 × 7 points for the legend of a map.

/** Five columns of a letter as bytes; the lowest bit is the topmost point. */
const COLUMNS = new Map(
  [
    '0 3e5149453e 1 00427f4000 2 4261514946 3 2141454b31 4 1814127f10 5 2745454539 6 3c4a494930 7 0171090503',
    '8 3649494936 9 064949291e A 7c1211127c B 7f49494936 C 3e41414122 D 7f4141413e E 7f49494941 F 7f09090901',
    'G 3e41415173 H 7f0808087f I 00417f4100 J 2040413f01 K 7f08142241 L 7f40404040 M 7f021c027f N 7f0408107f',
    'O 3e4141413e P 7f09090906 Q 3e4151215e R 7f09192946 S 2649494932 T 03017f0103 U 3f4040403f V 1f2040201f',
    'W 3f4038403f X 6314081463 Y 0304780403 Z 6159494d43 a 2054547840 b 7f28444438 c 3844444428 d 384444287f',
    'e 3854545418 f 00087e0902 g 0c5252523e h 7f08040478 i 00447d4000 j 2040403d00 k 7f10284400 l 00417f4000',
    'm 7c04780478 n 7c08040478 o 3844444438 p 7c18242418 q 182424187c r 7c08040408 s 4854545424 t 04043f4424',
    'u 3c4040207c v 1c2040201c w 3c4030403c x 4428102844 y 0c5050503c z 4464544c44 . 0000606000 - 0808080808',
    '+ 08083e0808 / 2010080402 ° 0007050700 % 2313086462 ( 001c224100 ) 0041221c00 : 0000140000 _ 4040404040',
  ]
    .join(' ')
    .split(' ')
    .reduce<[string, string][]>(
      (pairs, text, at, all) => (at % 2 === 0 ? [...pairs, [text, all[at + 1]!]] : pairs),
      [],
    ),
);

export const LETTER = { width: 5, height: 7, step: 6 } as const;

export const widthOf = (text: string): number => text.length * LETTER.step - 1;

/** Calls `point` for each point of the text, with the upper left corner at 0, 0. Unknown letters are spaces. */
export function drawText(text: string, point: (x: number, y: number) => void): void {
  [...text].forEach((letter, index) => {
    const columns = COLUMNS.get(letter);
    if (columns === undefined) return;
    for (let x = 0; x < LETTER.width; x++) {
      const bits = parseInt(columns.slice(2 * x, 2 * x + 2), 16);
      for (let y = 0; y < LETTER.height; y++) if ((bits >> y) & 1) point(index * LETTER.step + x, y);
    }
  });
}
