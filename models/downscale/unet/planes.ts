// Where planes and weights lie in the kernel's memory. `assembly/kernel.ts` says what a plane is.

const [SIDE, BYTES] = [4, 4];

/** The size of the cells of a level of the network. */
export interface LevelSize {
  readonly rows: number;
  /** A multiple of 4. */
  readonly width: number;
}

export const planeBytes = ({ rows, width }: LevelSize): number => (rows + 2) * (width + 2 * SIDE) * BYTES;

/** The place of a cell in the memory, counted in float32. */
export const cellAt = (planes: number, size: LevelSize, channel: number, row: number): number =>
  (planes + channel * planeBytes(size)) / BYTES + (row + 1) * (size.width + 2 * SIDE) + SIDE;

/** Gives out places of a memory one after the other, each at a multiple of 16 bytes. */
export class Allocator {
  #end = 16;

  get bytes(): number {
    return this.#end;
  }

  take(bytes: number): number {
    const start = this.#end;
    this.#end += 16 * Math.ceil(bytes / 16);
    return start;
  }

  planes(channels: number, size: LevelSize): number {
    return this.take(channels * planeBytes(size));
  }

  numbers(count: number): number {
    return this.take(count * BYTES);
  }
}
