// Parsed statements, kept on this machine from one process to the next: a mesh asks the same ones each time.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readKept, writeKept } from '../../state/kept-file.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
const MOST_KEPT = 4000;

export class KeptTrees {
  readonly #folder: string;
  /** How many more are kept; unknown before the first one. */
  #room: number | undefined;
  readonly #mostKept: number;

  /** The folder bears the parser's version: another one may give other trees, so the folders beside it are removed. */
  constructor(folder: string, mostKept = MOST_KEPT) {
    this.#folder = folder;
    this.#mostKept = mostKept;
  }

  get(sql: string): unknown {
    return readKept(this.#fileOf(sql));
  }

  set(sql: string, tree: unknown): void {
    this.#room ??= this.#roomLeft();
    if (this.#room-- > 0) writeKept(this.#fileOf(sql), tree);
  }

  #roomLeft(): number {
    const parent = dirname(this.#folder);
    try {
      for (const version of readdirSync(parent))
        if (version !== basename(this.#folder))
          rmSync(join(parent, version), { recursive: true, force: true });
      return this.#mostKept - readdirSync(this.#folder).length;
    } catch {
      // The folder is not there yet; one that cannot be made keeps nothing.
      return this.#mostKept;
    }
  }

  #fileOf(sql: string): string {
    return join(this.#folder, `${createHash('sha256').update(sql).digest('hex')}.json`);
  }
}

/** Those of this installation. */
export function keptTrees(): KeptTrees {
  const described = readFileSync(join(MODULES, '@polyglot-sql/sdk/package.json'), 'utf8');
  const { version } = JSON.parse(described) as { readonly version: string };
  return new KeptTrees(join(MODULES, '.cache/sluice-statements', version));
}
