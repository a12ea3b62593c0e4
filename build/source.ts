// The deployed source of one function: its bundle, and a package.json from which Google's buildpack builds and starts it.
import { build, type BuildOptions } from 'esbuild';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientBundle } from './client-bundle.ts';
import { deploymentInBundle } from './deployment-in-bundle.ts';
import { folderImports } from './folder-imports.ts';
import { bundleParts, laterParts } from './later-parts.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FRAMEWORK = '@google-cloud/functions-framework';

const COMMON: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Only a script, which no module is, can be given a compile cache of its own.
  format: 'cjs',
  // The bundler can drop unused exports of ES modules, but not of scripts.
  mainFields: ['module', 'main'],
  minify: true,
  // Names that appear in logs stay readable.
  keepNames: true,
  logLevel: 'silent',
  // Some libraries are ES modules and read their own URL, which a script does not have.
  define: { 'import.meta.url': 'bundleUrl' },
  // A script that is compiled with its cache can load no module: what is loaded later is required.
  supported: { 'dynamic-import': false },
};

const OWN_URL = { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' };

/**
 * Empties and writes the folder:
 *
 *     package.json            what the buildpack reads: Node's version, what to run at build time
 *     function.cjs            the function, the framework and every library, in one file
 *     later/<part>.cjs        what no start needs, such as a library that draws
 *     framework/package.json  stands where the framework's package would
 *     framework/start.cjs     starts the bundle with its compile cache, in place of the framework's command
 *
 * The buildpack starts a function by the command of the functions framework that package.json depends on. So
 * the framework is a dependency here as well: a local one, whose command starts the framework in the bundle.
 */
export async function bundleFunction(name: string, folder: string): Promise<{ readonly sizeBytes: number }> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'framework'), { recursive: true });
  const outfile = join(folder, 'function.cjs');
  const parts = new Set<string>();
  await build({
    ...COMMON,
    stdin: { contents: entryOf(name), resolveDir: ROOT, sourcefile: `${name}.ts`, loader: 'ts' },
    outfile,
    banner: OWN_URL,
    plugins: [...folderImports(ROOT), clientBundle, deploymentInBundle(ROOT), laterParts(parts)],
  });
  await bundleParts(parts, folder, { ...COMMON, banner: OWN_URL });
  await build({
    ...COMMON,
    entryPoints: [join(ROOT, 'build/start.ts')],
    outfile: join(folder, 'framework/start.cjs'),
    banner: { js: '#!/usr/bin/env node' },
  });
  const { version } = packageIn(join(ROOT, 'node_modules', FRAMEWORK));
  writeJson(join(folder, 'framework/package.json'), {
    name: FRAMEWORK,
    version,
    bin: { 'functions-framework': 'start.cjs' },
  });
  writeJson(join(folder, 'package.json'), {
    name,
    version: packageIn(ROOT).version,
    private: true,
    engines: { node: '24.x' },
    main: 'framework/start.cjs',
    scripts: { 'gcp-build': 'node framework/start.cjs --fill-cache', start: 'node framework/start.cjs' },
    dependencies: { [FRAMEWORK]: 'file:framework' },
  });
  return { sizeBytes: readFileSync(outfile).length };
}

/** The function registers itself, then the framework's command serves it, as the framework's command line would. */
const entryOf = (name: string): string => `
  export { exercise } from './build/exercise.ts';
  import './functions/${name}/index.ts';
  import './node_modules/${FRAMEWORK}/build/src/main.js';
`;

const packageIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };

const writeJson = (path: string, value: object) =>
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
