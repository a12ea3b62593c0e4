// Which variables a request may set in the environment of a task.
import { notImplemented } from '../http/errors.ts';

/**
 * Throws 501, by name, for a variable that is not in `allowed`. Cloud Run takes any, in a container of its own. Here
 * a task is a process of this machine, with its user's rights, and a variable can decide what runs in it: of Node
 * (`NODE_OPTIONS`), of the loader (`LD_PRELOAD`), of a shell, of OpenSSL, or the job's own path of a library. No
 * list of those is ever complete, so the image names the few that a request may set.
 */
export function checkVariables(env: Readonly<Record<string, string>>, allowed: readonly string[]): void {
  const others = Object.keys(env).filter((name) => !allowed.includes(name));
  if (others.length === 0) return;
  throw notImplemented(
    `the variable ${others.join(', ')} in a request: a job is a process of this machine here, and a request may ` +
      `set ${allowed.join(', ') || 'none'}; the others come from the infra program`,
  );
}
