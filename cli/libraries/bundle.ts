// Makes one file of each library that a function or a job loads: from its hundreds of modules it takes longer to load than all our own.
import { build } from 'esbuild';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAP, type LibraryMap } from './map.ts';

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HOOK = fileURLToPath(new URL('./hook.ts', import.meta.url));

/** As the sources name them. Left out: what is one file already, and what holds a native library. */
export const LIBRARIES: readonly string[] = [
  '@google-cloud/bigquery',
  '@google-cloud/functions-framework',
  '@google-cloud/pubsub',
  '@google-cloud/run/build/src/v2/executions_client.js',
  '@google-cloud/run/build/src/v2/jobs_client.js',
  '@google-cloud/storage',
  '@opentelemetry/api',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-base',
  'csv-parse/sync',
  'csv-stringify',
  'google-auth-library',
  'googleapis/build/src/apis/drive/index.js',
  'jose',
  'pino',
  // The framework loads it itself.
  'read-package-up',
  'zod',
];

/** The command that starts a function, by its path: it has to share the framework with the function. */
const COMMAND = join(require.resolve('@google-cloud/functions-framework'), '../main.js');

const BANNER = `
import { createRequire as requireOf } from 'node:module';
import { dirname as folderOf } from 'node:path';
import { fileURLToPath as pathOf } from 'node:url';
const require = requireOf(import.meta.url), __filename = pathOf(import.meta.url), __dirname = folderOf(__filename);
`;

/** Writes the bundles, the map of them, and the hook that reads it. */
export async function bundleLibraries(folder: string): Promise<void> {
  const entries = await Promise.all(LIBRARIES.map(async (name) => [name, await exportsOf(name)] as const));
  const sources = new Map([...entries, [COMMAND, `import ${JSON.stringify(COMMAND)};`]]);
  const files = [...sources.keys()].map((name, at) => [name, `library-${at}`] as const);
  const namespace = 'library';
  await build({
    entryPoints: [
      { in: HOOK, out: 'hook' },
      ...files.map(([name, out]) => ({ in: `${namespace}:${name}`, out })),
    ],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: '[hash]',
    bundle: true,
    // What several libraries share stands once, in a file of its own.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The files that Node itself would load.
    mainFields: ['main'],
    conditions: [],
    banner: { js: BANNER },
    logLevel: 'silent',
    plugins: [
      {
        name: namespace,
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^library:/ }, ({ path }) => ({
            path: path.slice(namespace.length + 1),
            namespace,
          }));
          onLoad({ filter: /./, namespace }, ({ path }) => ({
            contents: sources.get(path) ?? '',
            resolveDir: ROOT,
            loader: 'js',
          }));
        },
      },
    ],
  });
  const map: LibraryMap = Object.fromEntries(files.map(([name, file]) => [name, `${file}.mjs`]));
  writeFileSync(join(folder, MAP), JSON.stringify(map));
}

/** A module with the exports of the library: of a script, no bundler knows them. */
async function exportsOf(name: string): Promise<string> {
  const names = Object.keys((await import(name)) as object).filter((each) => !NOT_EXPORTED.has(each));
  return `export { ${names.join(', ')} } from ${JSON.stringify(name)};`;
}

/** What Node adds to the exports of a script. */
const NOT_EXPORTED = new Set(['__esModule', 'module.exports']);
