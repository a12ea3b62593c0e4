// The deployed source of one job: its program and its workers, one file each, and the native libraries beside them.
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelInBundle } from './kernel-in-bundle.ts';
import { pdfkitFonts } from './pdfkit-fonts.ts';
import { bundledName, workerFiles } from './worker-files.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Koffi computes the name of the package that holds its binary, so a bundler does not see it. */
const BINARIES = { of: 'node_modules/koffi/', in: 'node_modules/@koromix' };

/** How a program of a job is bundled. */
export const JOB_BUNDLE = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // The bundler can drop unused exports of ES modules, but not of scripts.
  mainFields: ['module', 'main'],
  // A native library that is required by its name becomes a file beside the bundle.
  loader: { '.node': 'copy' },
  assetNames: '[name]',
  // Some libraries are scripts and call `require`, which a module does not have.
  banner: {
    js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`,
  },
  absWorkingDir: ROOT,
  metafile: true,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * Empties and writes the folder, and returns the names of the programs in it:
 *
 *     main.mjs                the job and every library, in one file
 *     <worker>.mjs            each worker that the job starts, in the same way
 *     <library>.node          a native library that is required by name
 *     node_modules/@koromix   koffi's binary for this machine's platform
 *
 * The same sources and libraries give the same bytes. Nothing is minified, so that a stack names functions and lines.
 */
export async function bundleJob(name: string, folder: string): Promise<readonly string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const programs = new Set([join(ROOT, 'jobs', name, 'main.ts')]);
  // The set grows while it is walked, since a program names its workers; the sources are finite.
  for (const program of programs) {
    const outfile = join(folder, bundledName(program));
    if (existsSync(outfile))
      throw new Error(`${program}: another program of the job is bundled as ${outfile}; rename one of them`);
    const { inputs } = await bundleProgram(program, outfile, programs);
    if (Object.keys(inputs).some((input) => input.startsWith(BINARIES.of))) {
      cpSync(join(ROOT, BINARIES.in), join(folder, BINARIES.in), { recursive: true });
    }
  }
  return [...programs].map(bundledName);
}

/** Adds the workers that the program starts to `programs`. */
async function bundleProgram(program: string, outfile: string, programs: Set<string>): Promise<Metafile> {
  const plugins = [workerFiles(programs), kernelInBundle, pdfkitFonts];
  const { metafile } = await build({ ...JOB_BUNDLE, entryPoints: [program], outfile, plugins });
  return metafile;
}
