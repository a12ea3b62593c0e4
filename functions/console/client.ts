// The client's script, bundled from its sources. A bundle has neither, so the bundler replaces this file by its result.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const made = await build({
  entryPoints: [fileURLToPath(new URL('client/main.ts', import.meta.url))],
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  write: false,
  logLevel: 'silent',
});

/** One script without imports. */
export const clientScript: string = made.outputFiles[0]?.text ?? '';
