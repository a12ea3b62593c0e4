// Compiles the U-Net's kernel while a job is bundled: the bundle holds its bytes, and neither sources nor a compiler.
import type { Plugin } from 'esbuild';
import { kernelBytes } from '../models/downscale/unet/kernel-bytes.ts';

/** The file that compiles it otherwise; its export is replaced. */
const COMPILED_AT_START = /[\\/]models[\\/]downscale[\\/]unet[\\/]kernel-bytes\.ts$/;

export const kernelInBundle: Plugin = {
  name: 'kernel-in-bundle',
  setup(build) {
    build.onLoad({ filter: COMPILED_AT_START }, async () => {
      const bytes = Buffer.from(await kernelBytes()).toString('base64');
      const contents = `export const kernelBytes = async (): Promise<Uint8Array> => Buffer.from('${bytes}', 'base64');\n`;
      return { contents, loader: 'ts' };
    });
  },
};
