// Bounds the memory of the WebAssembly in this thread: the limits of a worker do not count it.

const PAGE_BYTES = 65_536;

/** The part that is used: the types of Node have the interface of WebAssembly only together with those of browsers. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(this: Memory, pages: number): number;
}
const { Memory } = (globalThis as unknown as { readonly WebAssembly: { Memory: { prototype: Memory } } })
  .WebAssembly;

export interface BoundedMemory {
  /** Whether the last growth was too much. A library asks for more than it needs first. */
  readonly wasRefused: boolean;
}

/** From now on no memory grows beyond `mostBytes`: the library gets the answer of a machine that has no more. */
export function boundMemory(mostBytes: number): BoundedMemory {
  const bounded = { wasRefused: false };
  const { grow } = Memory.prototype;
  Memory.prototype.grow = function (pages) {
    bounded.wasRefused = this.buffer.byteLength + pages * PAGE_BYTES > mostBytes;
    if (bounded.wasRefused) throw new RangeError(`more than ${mostBytes} bytes of memory`);
    return grow.call(this, pages);
  };
  return bounded;
}
