// The compiled loops as typed functions over a memory of their own.
import { kernelBytes } from './kernel-bytes.ts';

/** The exports of `assembly/kernel.ts`; pointers are bytes from the start of the memory. */
export interface Kernel {
  convolve(
    input: number,
    inputs: number,
    output: number,
    outputs: number,
    weights: number,
    bias: number,
    rows: number,
    width: number,
    add: number,
  ): void;
  convolutionGradients(
    input: number,
    inputs: number,
    gradient: number,
    outputs: number,
    weights: number,
    bias: number,
    rows: number,
    width: number,
  ): void;
  turnWeights(weights: number, inputs: number, outputs: number, turned: number): void;
  activate(planes: number, channels: number, rows: number, width: number): void;
  activationGradient(planes: number, gradient: number, channels: number, rows: number, width: number): void;
  halve(input: number, output: number, channels: number, rows: number, width: number, factor: number): void;
  spread(small: number, large: number, channels: number, rows: number, width: number, factor: number): void;
  combine(planes: number, maps: number, output: number, channels: number, rows: number, width: number): void;
  combinationGradients(
    planes: number,
    maps: number,
    gradient: number,
    ofPlanes: number,
    ofMaps: number,
    channels: number,
    rows: number,
    width: number,
  ): void;
  adam(
    weights: number,
    gradients: number,
    first: number,
    second: number,
    count: number,
    rate: number,
    least: number,
  ): void;
}

export interface KernelWithMemory extends Kernel {
  readonly memory: WebAssembly.Memory;
}

/** Makes kernels with memories of a given size. */
export type KernelMaker = (bytes: number) => KernelWithMemory;

const PAGE_BYTES = 65_536;

export async function openKernel(): Promise<KernelMaker> {
  const module = await WebAssembly.compile(Buffer.from(await kernelBytes()));
  return (bytes) => {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return { ...(exports as unknown as Kernel), memory };
  };
}
