// Replaces the code that bundles a client's script by the script itself: a deployed function has no bundler.
import { build, type Plugin } from 'esbuild';
import { dirname, join } from 'node:path';

/** `functions/<name>/client.ts` exports the script of `client/main.ts`, made with the same options. */
export const clientBundle: Plugin = {
  name: 'client-bundle',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]functions[\\/][^\\/]+[\\/]client\.ts$/ }, async ({ path }) => {
      const made = await build({
        entryPoints: [join(dirname(path), 'client/main.ts')],
        bundle: true,
        minify: true,
        format: 'iife',
        target: 'es2022',
        write: false,
        logLevel: 'silent',
      });
      const text = made.outputFiles[0]?.text ?? '';
      return { contents: `export const clientScript = ${JSON.stringify(text)};\n`, loader: 'js' };
    });
  },
};
