// Replaces the code that reads a folder by imports of its files: a bundle has no folder to read.
import type { Plugin } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface FolderImports {
  readonly name: string;
  /** The file that reads the folder; the imports replace its export. */
  readonly reader: RegExp;
  readonly folder: string;
  /** The files to import, from the folder. */
  readonly files: () => readonly string[];
}

/** The registries of pipelines and of functions read their folders of the tree at `root`. */
export const folderImports = (root: string): readonly Plugin[] => {
  const [pipelines, functions] = [join(root, 'pipelines'), join(root, 'functions')];
  return [
    pluginOf({
      name: 'pipeline-imports',
      reader: /[\\/]shared[\\/]pipelines[\\/]modules\.ts$/,
      folder: pipelines,
      files: () => readdirSync(pipelines).filter((name) => name.endsWith('.ts')),
    }),
    pluginOf({
      name: 'function-imports',
      reader: /[\\/]shared[\\/]functions[\\/]modules\.ts$/,
      folder: functions,
      files: () =>
        readdirSync(functions)
          .map((name) => `${name}/function.ts`)
          .filter((file) => existsSync(join(functions, file))),
    }),
  ];
};

const pluginOf = ({ name, reader, folder, files }: FolderImports): Plugin => ({
  name,
  setup(build) {
    build.onLoad({ filter: reader }, () => {
      const found = [...files()].sort();
      const imports = found.map((file, at) => `import * as module${at} from './${file}';`);
      const names = found.map((_file, at) => `module${at}`);
      const contents = `${imports.join('\n')}\nexport const modules = [${names.join(', ')}];\n`;
      return { contents, resolveDir: folder, loader: 'ts' };
    });
  },
});
