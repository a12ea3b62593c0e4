// Parsed statements, kept on this machine from one process to the next: a mesh asks the same ones each time.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
    try {
      return JSON.parse(readFileSync(this.#fileOf(sql), 'utf8')) as unknown;
    } catch {
      // There is none, or the machine stopped while it was written: it is parsed, and written again.
      return undefined;
    }
  }

  /** Where nothing can be written, such as in a read-only folder, nothing is kept. */
  set(sql: string, tree: unknown): void {
    try {
      this.#room ??= this.#open();
      if (this.#room-- <= 0) return;
      const file = this.#fileOf(sql);
      const own = `${file}.${process.pid}`;
      writeFileSync(own, JSON.stringify(tree));
      renameSync(own, file);
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') throw error;
    }
  }

  #open(): number {
    mkdirSync(this.#folder, { recursive: true });
    const parent = dirname(this.#folder);
    for (const version of readdirSync(parent))
      if (version !== basename(this.#folder)) rmSync(join(parent, version), { recursive: true, force: true });
    return this.#mostKept - readdirSync(this.#folder).length;
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
