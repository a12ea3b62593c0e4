// Smaller versions of a layer for readers that show it from afar: each cell the mean of the valid ones of four.

export interface Level {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
}

/** Half as many columns and rows, rounded up; NaN only where none of the four has a value. */
export function halved({ columns, rows, values }: Level): Level {
  const [halfColumns, halfRows] = [(columns + 1) >> 1, (rows + 1) >> 1];
  const half = new Float32Array(halfColumns * halfRows);
  for (let row = 0; row < halfRows; row++) {
    const top = 2 * row * columns;
    const bottom = 2 * row + 1 < rows ? top + columns : top;
    for (let column = 0; column < halfColumns; column++) {
      const left = 2 * column;
      const right = left + 1 < columns ? left + 1 : left;
      // Apart: arrays would be made for each cell until this is compiled.
      const a = values[top + left]!;
      const b = values[top + right]!;
      const c = values[bottom + left]!;
      const d = values[bottom + right]!;
      const mean = (a + b + c + d) / 4;
      half[row * halfColumns + column] = mean === mean ? mean : meanOfValid(a, b, c, d);
    }
  }
  return { columns: halfColumns, rows: halfRows, values: half };
}

function meanOfValid(...four: readonly number[]): number {
  let [sum, count] = [0, 0];
  for (const value of four)
    if (value === value) {
      sum += value;
      count++;
    }
  return count === 0 ? NaN : sum / count;
}

/** The layer itself, and halves of it until one fits a tile. */
export function levelsOf(level: Level, tile: number): readonly Level[] {
  const levels = [level];
  for (let last = level; last.columns > tile || last.rows > tile; levels.push(last)) last = halved(last);
  return levels;
}
