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

interface Memory {
  readonly buffer: ArrayBuffer;
}

export interface KernelWithMemory extends Kernel {
  readonly memory: Memory;
}

/** The part that is used: the types of Node have the interface of WebAssembly only together with those of browsers. */
interface WebAssemblyInterface {
  readonly Memory: new (descriptor: { readonly initial: number }) => Memory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  compile(bytes: Uint8Array): Promise<object>;
}

/** Makes kernels with memories of a given size. */
export type KernelMaker = (bytes: number) => KernelWithMemory;

const PAGE_BYTES = 65_536;

export async function openKernel(): Promise<KernelMaker> {
  const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface };
  const module = await wasm.compile(await kernelBytes());
  return (bytes) => {
    const memory = new wasm.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    const { exports } = new wasm.Instance(module, { env: { memory } });
    return { ...(exports as Kernel), memory };
  };
}
