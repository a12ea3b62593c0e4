// The folder with the answers of the stand-ins: what is not there, the service does not have.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { notFound } from '../http/errors.ts';

const PLAIN = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,120}$/;

export class Files {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** The path of a file; undefined where there is none. Throws 404 for a name that is a path of its own. */
  pathOf(...names: readonly string[]): string | undefined {
    if (!names.every((name) => PLAIN.test(name))) throw notFound(`There is no file ${names.join('/')}.`);
    const path = join(this.#root, ...names);
    return existsSync(path) && statSync(path).isFile() ? path : undefined;
  }

  /** The first file of a folder whose name begins so. */
  startingWith(start: string, ...folder: readonly string[]): string | undefined {
    const within = join(this.#root, ...folder.filter((name) => PLAIN.test(name)));
    if (!existsSync(within)) return undefined;
    return readdirSync(within)
      .toSorted()
      .find((name) => PLAIN.test(name) && name.startsWith(start));
  }

  has(...folder: readonly string[]): boolean {
    return folder.every((name) => PLAIN.test(name)) && existsSync(join(this.#root, ...folder));
  }

  json(...names: readonly string[]): unknown {
    const path = this.pathOf(...names);
    return path === undefined ? undefined : (JSON.parse(readFileSync(path, 'utf8')) as unknown);
  }
}
