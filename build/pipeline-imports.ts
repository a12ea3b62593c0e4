// Puts imports of all pipelines where the registry would read their folder, which a bundle does not have.
import type { Plugin } from 'esbuild';
import { readdirSync } from 'node:fs';

export const pipelineImports = (folder: string): Plugin => ({
  name: 'pipeline-imports',
  setup(build) {
    build.onLoad({ filter: /[\\/]shared[\\/]pipelines[\\/]modules\.ts$/ }, () => {
      const files = readdirSync(folder)
        .filter((name) => name.endsWith('.ts'))
        .sort();
      const imports = files.map((file, at) => `import * as pipeline${at} from './${file}';`);
      const names = files.map((_file, at) => `pipeline${at}`);
      const contents = `${imports.join('\n')}\nexport const modules = [${names.join(', ')}];\n`;
      return { contents, resolveDir: folder, loader: 'ts' };
    });
  },
});
