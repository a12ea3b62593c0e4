// What the daily tidying must do: superseded files count their days, and what the newest entry names never does.
import { outputsOf } from './exports.ts';
import type { Line } from './tables.ts';
import type { Notes, Watched } from './watched.ts';

const MS_PER_DAY = 86_400_000;
const UNNAMED_DAYS = 30;
// The clock of the instance that cleaned up may have been off.
const OFF_MS = 60 * 60_000;

export class RetentionOracle {
  readonly #mesh: Watched;
  readonly #oracle: Notes;

  constructor(mesh: Watched, oracle: Notes) {
    this.#mesh = mesh;
    this.#oracle = oracle;
  }

  /** An object of the export bucket was given the time from which its days count. */
  onRetired(name: string): void {
    if (this.#isCurrent(name)) this.#oracle.fail('the retention of a current file has begun', name);
    else if (!this.#isSuperseded(name, -OFF_MS))
      this.#oracle.fail('the retention of a file began too early', `${name} is not superseded`);
  }

  /** Nothing that counts its days becomes current again. */
  onPublication(entry: Line): void {
    for (const { files } of outputsOf(entry)) {
      const counting = files.find(({ object }) => this.#countsDays(object));
      if (counting !== undefined)
        this.#oracle.fail('the retention of a current file has begun', counting.object);
    }
  }

  /** After a night in a calm. */
  checkTidied(): void {
    // The tidying goes by the newest entry: before there is one, it leaves all as it is.
    if (this.#oracle.ledger().length === 0) return;
    const { storage } = this.#mesh.cloud;
    const most = { from: '', before: undefined, most: Number.MAX_SAFE_INTEGER };
    for (const { name } of storage.list('exports', '', most)) {
      if (this.#isCurrent(name) || !this.#isSuperseded(name, OFF_MS) || this.#countsDays(name)) continue;
      this.#oracle.fail('a superseded file is kept for good', name);
    }
  }

  #countsDays(name: string): boolean {
    return this.#mesh.cloud.storage.find('exports', name)?.info.customTimeMs !== undefined;
  }

  /** Whether it is of a publication that the newest entry names: whichever attempt's, the folder stays whole. */
  #isCurrent(name: string): boolean {
    const [, output, publication] = name.split('/');
    const newest = this.#oracle.ledger().toSorted((a, b) => Number(b.ordinal) - Number(a.ordinal))[0];
    if (newest === undefined) return false;
    return outputsOf(newest).some((each) => each.output === output && each.publication === publication);
  }

  /** Whether an entry names its publication, or it is old; pointers and the register never are. */
  #isSuperseded(name: string, marginMs: number): boolean {
    const [, , publication = '', ...rest] = name.split('/');
    if (rest.length === 0 || publication === 'register') return false;
    const isNamed = this.#oracle
      .ledger()
      .some((entry) => outputsOf(entry).some((each) => each.publication === publication));
    const createdAtMs = this.#mesh.cloud.storage.find('exports', name)?.info.createdAtMs ?? 0;
    return isNamed || this.#mesh.clock.now() - createdAtMs > UNNAMED_DAYS * MS_PER_DAY + marginMs;
  }
}
