// The bundled libraries of this machine, kept from one start to the next.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
/** What npm wrote of everything that it installed. */
const INSTALLED = join(MODULES, '.package-lock.json');
const KEPT_IN = join(MODULES, '.cache/sluice-libraries');
const LONGEST_KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const OWN = ['bundle.ts', 'hook.ts', 'map.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url)));

/**
 * What Node is given so that a function or a job loads its libraries from their bundles: made by the first start after
 * an installation. Nothing where none can be kept, such as in a read-only folder; then it loads the libraries as they are.
 */
export async function libraryOptions(keptIn = KEPT_IN): Promise<readonly string[]> {
  try {
    const folder = join(keptIn, keyOf());
    if (!existsSync(folder)) await make(folder);
    return ['--import', pathToFileURL(join(folder, 'hook.mjs')).href];
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).syscall === 'string') return [];
    throw error;
  }
}

function keyOf(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of [INSTALLED, ...OWN]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 32);
}

/** Never half a folder: another start may look for it now. Of two that make it, the first one's stays. */
async function make(folder: string): Promise<void> {
  const { bundleLibraries } = await import('./bundle.ts');
  mkdirSync(dirname(folder), { recursive: true });
  const own = mkdtempSync(`${folder}-`);
  try {
    await bundleLibraries(own);
    renameSync(own, folder);
    forgetOld(dirname(folder));
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Those of earlier installations. */
function forgetOld(keptIn: string): void {
  for (const name of readdirSync(keptIn)) {
    const path = join(keptIn, name);
    if (Date.now() - statSync(path).mtimeMs > LONGEST_KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
