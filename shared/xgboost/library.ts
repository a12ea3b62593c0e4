// Opens the system's XGBoost and hands out its two nouns, matrices and boosters.
import koffi from 'koffi';
import { Booster } from './booster.ts';
import { bindCalls, type Calls, type Checked, type Place } from './calls.ts';
import { XgboostError, XgboostMissing } from './errors.ts';
import { Matrix, type DenseBlock } from './matrix.ts';

export interface XgboostLibrary {
  /** For example `1.7.4`. */
  readonly version: string;
  /** Builds a matrix; throws `XgboostError`. Free it with `using` or `[Symbol.dispose]()`. */
  matrix(block: DenseBlock): Matrix;
  /** Makes a booster for a matrix with these parameters; throws `XgboostError`. Free it like a matrix. */
  booster(train: Matrix | undefined, parameters: Readonly<Record<string, string | number>>): Booster;
}

/**
 * Loads the library at `path`, or wherever the system's loader finds it, and checks that it has every call.
 * Throws `XgboostMissing`, whose first line says how to install it.
 */
export function openXgboost(path?: string): XgboostLibrary {
  const calls = loadCalls(path === undefined || path === '' ? usualNames() : [path]);
  const check: Checked = (call, answer) => {
    if (answer !== 0) throw new XgboostError(call, calls.XGBGetLastError());
  };
  return {
    version: versionOf(calls),
    matrix: (block) => Matrix.create(calls, check, block),
    booster: (train, parameters) => Booster.create(calls, check, train, parameters),
  };
}

function loadCalls(names: readonly string[]): Calls {
  let cause: unknown;
  for (const name of names) {
    try {
      return bindCalls(koffi.load(name));
    } catch (error) {
      cause ??= error;
    }
  }
  throw new XgboostMissing(names, cause);
}

/** Homebrew's folders are not on the loader's path on macOS. */
function usualNames(): readonly string[] {
  if (process.platform !== 'darwin') return ['libxgboost.so.0', 'libxgboost.so'];
  const folders = ['', '/opt/homebrew/opt/xgboost/lib/', '/usr/local/opt/xgboost/lib/'];
  return folders.map((folder) => `${folder}libxgboost.dylib`);
}

function versionOf(calls: Calls): string {
  const major: Place<number> = [null];
  const minor: Place<number> = [null];
  const patch: Place<number> = [null];
  calls.XGBoostVersion(major, minor, patch);
  return `${major[0]}.${minor[0]}.${patch[0]}`;
}
