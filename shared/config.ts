// Configuration: a pure function of the environment that reports every problem at once.
import { z } from 'zod';
import { ConfigurationError } from './errors.ts';
import { isRegion, REGIONS } from './regions.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** The kinds of variables. Each states what it accepts, whether the variable is missing or wrong. */
export const text = (accepted: string) => z.string(`expected ${accepted}`).min(1, `expected ${accepted}`);
export const address = () => z.url('expected an address such as https://example.org');
export const email = () => z.email('expected an email address');
export const matching = (pattern: RegExp, accepted: string) =>
  text(accepted).regex(pattern, `expected ${accepted}`);
export const count = () =>
  matching(/^\d{1,9}$/, 'a whole number, 0 or more').transform((digits) => Number(digits));
export const bucket = () => matching(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, 'the name of a bucket');
export const topic = () => matching(/^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/, 'the name of a topic');
export const projectId = () =>
  matching(/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'the id of a Google Cloud project');
export const region = () =>
  text('a region of Google Cloud, such as europe-west1').refine(
    isRegion,
    `expected a region of Google Cloud: ${REGIONS.join(', ')}`,
  );
/** The location of buckets and datasets. */
export const location = () =>
  text('EU, US or a region, such as europe-west1').refine(
    (name) => name === 'EU' || name === 'US' || isRegion(name),
    `expected EU, US or a region: ${REGIONS.join(', ')}`,
  );

/** The variables of every function and job. */
export const cloudVariables = {
  GOOGLE_CLOUD_PROJECT: projectId(),
  /** The address of the Google APIs, if not Google's own: `http://127.0.0.1:8080`. */
  GOOGLE_API_ENDPOINT: address().optional(),
};

/**
 * Reads the variables of `shape`; throws one `ConfigurationError` that names all that are wrong, what was found and
 * what is accepted. `where` names their place.
 */
export function readConfig<Shape extends z.ZodRawShape>(
  env: Env,
  shape: Shape,
  where = 'the environment',
): z.infer<z.ZodObject<Shape>> {
  const read = z.object(shape).safeParse(env);
  if (read.success) return read.data;
  // One line for each variable: an empty one breaks every rule that depends on it.
  const messages = new Map<string, string>();
  for (const { path, message } of read.error.issues) {
    const name = String(path[0]);
    if (!messages.has(name)) messages.set(name, message);
  }
  const problems = [...messages].map(
    ([name, message]) => `${name}: found ${found(name, env[name])}; ${message}`,
  );
  throw new ConfigurationError(`${where} is wrong:\n  ${problems.join('\n  ')}`);
}

const SECRET = /SECRET|TOKEN|PASSWORD|CREDENTIAL|(^|_)KEY($|_)/i;
const LONGEST_SHOWN = 100;

/** Errors are logged: a secret must not be shown, and a long value is shortened. */
function found(name: string, value: string | undefined): string {
  if (value === undefined) return 'nothing';
  if (SECRET.test(name)) return `a value of ${value.length} characters, not shown`;
  return value.length > LONGEST_SHOWN ? `"${value.slice(0, LONGEST_SHOWN)}..."` : `"${value}"`;
}
