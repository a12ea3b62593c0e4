// Solves systems of a symmetric positive definite matrix, which is kept row by row in one array.

/** Σ a[from + i] · b[of + i]. Four sums at once, so that the processor does not wait for each addition. */
export function dot(a: Float64Array, from: number, b: Float64Array, of: number, length: number): number {
  // Apart: an array would be made at each call until this is compiled.
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  let at = 0;
  for (; at + 3 < length; at += 4) {
    one += a[from + at]! * b[of + at]!;
    two += a[from + at + 1]! * b[of + at + 1]!;
    three += a[from + at + 2]! * b[of + at + 2]!;
    four += a[from + at + 3]! * b[of + at + 3]!;
  }
  for (; at < length; at++) one += a[from + at]! * b[of + at]!;
  return one + two + (three + four);
}

/** Replaces the lower half of the matrix by its Cholesky factor. Throws where the matrix is not positive definite. */
export function factorise(matrix: Float64Array, size: number): void {
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      const rest = matrix[row * size + column]! - dot(matrix, row * size, matrix, column * size, column);
      if (column < row) matrix[row * size + column] = rest / matrix[column * size + column]!;
      else if (rest > 0) matrix[row * size + row] = Math.sqrt(rest);
      else throw new RangeError(`the matrix of ${size} rows is not positive definite at row ${row}: ${rest}`);
    }
}

/** Replaces each right side (`count` of them, one after the other) by its solution. */
export function solveFactorised(
  factor: Float64Array,
  size: number,
  sides: Float64Array,
  count: number,
): void {
  for (let side = 0; side < count; side++) {
    const start = side * size;
    for (let row = 0; row < size; row++) {
      const rest = sides[start + row]! - dot(factor, row * size, sides, start, row);
      sides[start + row] = rest / factor[row * size + row]!;
    }
    for (let row = size - 1; row >= 0; row--) {
      const value = sides[start + row]! / factor[row * size + row]!;
      sides[start + row] = value;
      for (let before = 0; before < row; before++)
        sides[start + before]! -= value * factor[row * size + before]!;
    }
  }
}
