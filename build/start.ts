// Starts a function's bundle with its compile cache; with `--fill-cache`, while the image is built, makes that cache.
// Node's own compile cache would not do: it is kept apart by user and by the processor's features, and an image
// is built as one user on one machine and run as another on others. V8's cache of a script asks for neither.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

interface Bundle {
  exports: {
    /** Uses what every start and a first use need. */
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
    const message = 'the compile cache is of another V8, so this start is slow; deploying again renews it';
    process.stderr.write(`${JSON.stringify({ severity: 'WARNING', message })}\n`);
  }
  run(script, { exports: {} });
}

/** What was compiled on the way through a start and a first use is kept. */
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
