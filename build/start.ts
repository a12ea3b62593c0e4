// Starts a function's bundle with its compile cache; with `--fill-cache`, while the image is built, writes that cache.
// Node's own compile cache does not work here: it is keyed by user and by processor features, and an image is built
// by one user on one machine and run by another user on other machines. V8's cache of a script depends on neither.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

interface Bundle {
  exports: {
    /** Runs the code that a start and a first call need. */
    readonly exercise?: () => Promise<void>;
  };
}
type Run = (module: Bundle, exports: object, require: NodeJS.Require, file: string, folder: string) => void;

const FILE = join(__dirname, '..', 'function.cjs');
const CACHE = `${FILE}.cache`;

if (process.argv.includes('--fill-cache')) void fillCache();
else start();

function start(): void {
  const script = scriptOf(existsSync(CACHE) ? readFileSync(CACHE) : undefined);
  if (script.cachedDataRejected === true) {
    const message =
      'The compile cache was written by another version of V8, so this start is slow. Deploy again to renew it.';
    process.stderr.write(`${JSON.stringify({ severity: 'WARNING', message })}\n`);
  }
  run(script, { exports: {} });
}

/** Keeps the code that was compiled for a start and a first call. */
async function fillCache(): Promise<void> {
  const script = scriptOf(undefined);
  const bundle: Bundle = { exports: {} };
  try {
    run(script, bundle);
  } catch (error) {
    // While the image is built there is no environment to read, and a function reads it last.
    if (!(error instanceof Error && error.name === 'ConfigurationError')) throw error;
  }
  await bundle.exports.exercise?.();
  writeFileSync(CACHE, script.createCachedData());
  process.exit(0);
}

function scriptOf(cachedData: Buffer | undefined): Script {
  const source = `(function (module, exports, require, __filename, __dirname) {${readFileSync(FILE, 'utf8')}\n})`;
  return new Script(source, { filename: FILE, ...(cachedData && { cachedData }) });
}

function run(script: Script, bundle: Bundle): void {
  const wrapped = script.runInThisContext() as Run;
  wrapped(bundle, bundle.exports, createRequire(FILE), FILE, dirname(FILE));
}
