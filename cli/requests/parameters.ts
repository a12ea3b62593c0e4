// The parameters of a request, from a file and from the command line.
import { readFileSync, statSync } from 'node:fs';
import { ConfigurationError, messageOf } from '../../shared/errors.ts';

export type Parameters = Readonly<Record<string, unknown>>;

const LARGEST_BYTES = 1_000_000;

/** Undefined where neither is given. `settings` are `key=value`, over what the file has. */
export function parametersOf(file: string | undefined, settings: readonly string[]): Parameters | undefined {
  if (file === undefined && settings.length === 0) return undefined;
  return {
    ...(file === undefined ? {} : parametersIn(file)),
    ...Object.fromEntries(settings.map(settingOf)),
  };
}

function parametersIn(file: string): Parameters {
  try {
    const { size } = statSync(file);
    if (size > LARGEST_BYTES)
      throw new ConfigurationError(
        `--parameters: ${file} has ${size} bytes; expected at most ${LARGEST_BYTES}`,
      );
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Parameters;
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`--parameters: ${file} cannot be read: ${messageOf(error)}`);
  }
  throw new ConfigurationError(
    `--parameters: ${file} is no JSON object; expected one such as {"horizon_days": 28}`,
  );
}

/** The value is JSON where it can be read as such, and a text otherwise. */
function settingOf(typed: string): readonly [string, unknown] {
  const at = typed.indexOf('=');
  if (at < 1) throw new ConfigurationError(`--set ${typed}: expected key=value`);
  const [key, text] = [typed.slice(0, at), typed.slice(at + 1)];
  try {
    return [key, JSON.parse(text)];
  } catch {
    return [key, text];
  }
}
