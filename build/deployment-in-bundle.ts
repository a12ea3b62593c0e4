// Replaces the code that asks the infra program what it deploys by its answer: a deployed function has no such program.
import type { Plugin } from 'esbuild';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const MOST_BYTES = 4 * 1024 * 1024;

/** `functions/<name>/deployment.ts` exports it. It is parsed where it is first needed, not at every start. */
export const deploymentInBundle = (root: string): Plugin => ({
  name: 'deployment-in-bundle',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]functions[\\/][^\\/]+[\\/]deployment\.ts$/ }, async () => {
      const program = join(root, 'infra/describe.ts');
      // In a process of its own: Pulumi makes one plan at a time.
      const { stdout } = await promisify(execFile)(process.execPath, [program], { maxBuffer: MOST_BYTES });
      const contents = `export const deployment = JSON.parse(${JSON.stringify(stdout)});\n`;
      return { contents, loader: 'js' };
    });
  },
});
