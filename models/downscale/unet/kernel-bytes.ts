// The compiled kernel. Run from sources, AssemblyScript compiles it once, and the result is kept under the hash of what
// made it; a bundle has the bytes in place of this file (`build/kernel-in-bundle.ts`).
import type compilerOf from 'assemblyscript/asc';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('./assembly/kernel.ts', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/unet-kernel', import.meta.url));

/** Without relaxed SIMD, whose results depend on the processor. */
const OPTIONS = ['--enable', 'simd', '--runtime', 'stub', '-O3', '--noAssert', '--importMemory'];

/** The part of AssemblyScript's interface that is used. */
type Compiler = Pick<typeof compilerOf, 'main'>;

export async function kernelBytes(): Promise<Uint8Array> {
  const source = readFileSync(SOURCE, 'utf8');
  const compiler = await import('assemblyscript/asc');
  const made = createHash('sha256').update(JSON.stringify([source, OPTIONS, compiler.default.version]));
  const path = join(CACHE, `${made.digest('hex')}.wasm`);
  if (existsSync(path)) return readFileSync(path);
  const bytes = await compile(compiler.default, source);
  mkdirSync(CACHE, { recursive: true });
  // Whole or not at all: another process may compile it as well, and makes the same bytes.
  writeFileSync(`${path}.${process.pid}`, bytes);
  renameSync(`${path}.${process.pid}`, path);
  return bytes;
}

async function compile({ main }: Compiler, source: string): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await main(['kernel.ts', ...OPTIONS, '--outFile', 'kernel.wasm'], {
    readFile: (name) => (name === 'kernel.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'kernel.wasm' && typeof contents !== 'string') bytes = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || bytes === undefined)
    throw new Error(`the kernel of the U-Net did not compile: ${stderr.toString()}`, { cause: error });
  return bytes;
}
