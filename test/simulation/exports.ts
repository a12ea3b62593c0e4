// What readers of the export bucket must find: whole publications, behind pointers that follow the ledger.
import { isObjects, type PublishedObjects, type PublishedOutput } from '../../shared/outputs/published.ts';
import { objectOutputsOf, type ObjectOutput } from '../../shared/pipelines/outputs.ts';
import { best, championsErrorOf, errorOf, objectsOf, recipeOf } from './content.ts';
import type { Line } from './tables.ts';
import type { Notes, Watched } from './watched.ts';

interface Pointer extends PublishedObjects {
  readonly ordinal: number;
}

export class ExportsOracle {
  readonly #mesh: Watched;
  readonly #oracle: Notes;
  readonly #written = new Set<string>();
  /** The ordinal that each pointer shows. */
  readonly #shown = new Map<string, number>();

  constructor(mesh: Watched, oracle: Notes) {
    this.#mesh = mesh;
    this.#oracle = oracle;
  }

  /** Nothing but a pointer ever changes, so what a reader has found through one stays as it was. */
  onWritten(name: string, text: string | undefined): void {
    if (text !== undefined && name.endsWith('/current.json'))
      return this.#onPointer(name, JSON.parse(text) as Pointer);
    if (text === undefined || this.#written.has(name)) this.#oracle.fail('an export was changed', name);
    this.#written.add(name);
  }

  /** Law 6: the pointer comes after the ledger, and shows what an entry of it made current. */
  #onPointer(name: string, pointer: Pointer): void {
    const { ordinal, output } = pointer;
    const stood = this.#shown.get(name) ?? 0;
    if (ordinal <= stood)
      return this.#oracle.fail('a pointer went back', `${name} went from ${stood} to ${ordinal}`);
    this.#shown.set(name, ordinal);
    const entry = this.#oracle.ledger().find((line) => line.ordinal === ordinal);
    if (entry === undefined)
      return this.#oracle.fail('a pointer ahead of the ledger', `${name} shows entry ${ordinal}`);
    const current = outputsOf(entry).find((each) => each.output === output);
    if (current?.publication !== pointer.publication)
      this.#oracle.fail(
        'a pointer and its entry differ',
        `${name} shows ${pointer.publication}; the entry ${ordinal} has ${current?.publication}`,
      );
    this.#checkFiles(pointer, name);
  }

  /** `before`: the entries that stood when this one came. */
  onPublication(entry: Line, before: readonly Line[]): void {
    const id = String(entry.publication_id);
    const newest = before.toSorted((a, b) => Number(b.ordinal) - Number(a.ordinal))[0];
    const expected = Number(newest?.ordinal ?? 0) + 1;
    if (entry.ordinal !== expected)
      this.#oracle.fail('two entries of one ordinal', `${id} is ${entry.ordinal}; expected ${expected}`);
    for (const output of objectOutputsOf(this.#mesh.pipeline)) {
      const current = outputsOf(entry).find((each) => each.output === output.name);
      const before = newest && outputsOf(newest).find((each) => each.output === output.name);
      const made = output.kind === 'files' ? id : this.#championAfter(entry, before);
      const rightful = this.#leaves(entry, output) ? before?.publication : made;
      if (current?.publication !== rightful) {
        const found = `${id} made ${current?.publication} current as ${output.name}`;
        this.#oracle.fail('the wrong files are current', `${found}; expected ${rightful}`);
      } else if (current !== undefined) this.#checkFiles(current, id);
      if (current !== undefined && output.kind === 'model') this.#checkPin(entry, current, before);
    }
    this.#checkRollback(id, newest, before);
  }

  /** A pin changes nothing that is current, and a model's rollback nothing but that model. */
  #leaves(entry: Line, output: ObjectOutput): boolean {
    const rollback = this.#oracle.modelRollback(String(entry.publication_id));
    return isPin(entry) || (rollback !== undefined && rollback.model !== output.name);
  }

  /** It replaces the champion that the operator found, by one that was current before. */
  #checkRollback(id: string, newest: Line | undefined, before: readonly Line[]): void {
    const rollback = this.#oracle.modelRollback(id);
    if (rollback === undefined) return;
    const { model, to, replaces } = rollback;
    const replaced = newest && championIn(newest, model)?.publication;
    if (replaced !== replaces)
      this.#oracle.fail(
        'a rollback over another champion',
        `${id} replaced ${replaced}; expected ${replaces}`,
      );
    if (!before.some((line) => championIn(line, model)?.publication === to))
      this.#oracle.fail('a rollback to what was never current', `${id} went to ${to}`);
  }

  /** A pin lasts until it is taken away; a rollback brings one. */
  #checkPin({ publication_id, kind }: Line, current: PublishedObjects, before?: PublishedObjects): void {
    const stays =
      before?.pinned === true && (kind === 'replay' || before.publication === current.publication);
    const isHeld = kind === 'pin' || kind === 'rollback' || (kind !== 'unpin' && stays);
    if (current.pinned === isHeld) return;
    const found = current.pinned ? 'pinned' : 'not pinned';
    this.#oracle.fail(
      'a pin was lost or invented',
      `${publication_id} (${kind}) has a champion that is ${found}`,
    );
  }

  /** The rule of the champion, from what the job has compared with. */
  #championAfter(entry: Line, champion: PublishedObjects | undefined): string {
    const [id, run] = [String(entry.publication_id), String(entry.run)];
    if (entry.kind !== 'run' || champion === undefined) return id;
    const folder = `${this.#mesh.pipeline.name}/${run}/attempt-${entry.attempt}`;
    const text = this.#mesh.cloud.storage.text('results', `${folder}/champion.json`) ?? '{}';
    const compared = (JSON.parse(text) as { publication?: string | null }).publication;
    const files = this.#oracle.accepted.get(run)?.files ?? [];
    const isSameRecipe = recipeOf(id) === recipeOf(champion.publication);
    const wins = isSameRecipe || errorOf(files) < championsErrorOf(files, id, champion.publication);
    return !champion.pinned && compared === champion.publication && wins ? id : champion.publication;
  }

  /** Every file is there, in the version that is named, as the attempt that was published made it. */
  #checkFiles(current: PublishedObjects, where: string): void {
    const { accepted } = this.#oracle;
    const ledger = this.#oracle.ledger();
    const entry = this.#entryOf(current.publication, ledger);
    const files = accepted.get(String(entry?.run))?.files ?? [];
    const output = objectOutputsOf(this.#mesh.pipeline).find(({ name }) => name === current.output);
    const made = output && objectsOf(output, files, Number(entry?.attempt));
    const found = current.files.map(({ name, object, generation }) => {
      const stored = this.#mesh.cloud.storage.find('exports', object);
      const stands = stored?.info.generation === generation;
      return { name, text: stands ? stored?.bytes.toString('utf8') : 'nothing' };
    });
    if (entry?.run === current.run && JSON.stringify(found) === JSON.stringify(made)) return;
    this.#oracle.fail(
      'a reader observed other content',
      `${where} shows ${JSON.stringify(found)} of ${current.run}; expected ${JSON.stringify(made)}`,
    );
  }

  /** The entry whose attempt made the files: those of a model's rollback are of the version that it went to. */
  #entryOf(publication: string, ledger: readonly Line[]): Line | undefined {
    const { to } = this.#oracle.modelRollback(publication) ?? {};
    if (to !== undefined) return this.#entryOf(to, ledger);
    return ledger.find(({ publication_id }) => publication_id === publication);
  }

  championNow(): PublishedObjects | undefined {
    const newest = this.#oracle.ledger().toSorted((a, b) => Number(b.ordinal) - Number(a.ordinal))[0];
    return newest && championIn(newest, best.name);
  }

  /** Of each the candidate was registered, and not each became the champion. */
  publicationsOfRuns(): readonly string[] {
    const ofRuns = this.#oracle.ledger().filter(({ kind }) => kind === 'run');
    return ofRuns.map(({ publication_id }) => String(publication_id));
  }

  /** When idle, every pointer shows the newest entry, and every candidate that was published is registered. */
  checkIdle(): void {
    this.#checkPointers(() => false);
    for (const entry of this.#oracle.ledger()) if (!isPin(entry)) this.#checkRegistered(entry);
  }

  /** Whether a pointer stays behind until the tidying; for no other reason may one stay behind. */
  awaitsTidying(): boolean {
    let awaits = false;
    this.#checkPointers((shown) => (awaits = this.#isCutOff(shown)));
    return awaits;
  }

  #checkPointers(isExcused: (shown: number) => boolean): void {
    const newest = Math.max(0, ...this.#oracle.ledger().map(({ ordinal }) => Number(ordinal)));
    for (const output of objectOutputsOf(this.#mesh.pipeline)) {
      const shown = this.#shown.get(this.#nameOf(output, 'current.json')) ?? 0;
      if (shown !== newest && !isExcused(shown))
        this.#oracle.fail('a pointer stayed behind', `${output.name} shows ${shown} of ${newest} entries`);
    }
  }

  /** Whether every delivery of what came since was cut off before it could show anything: a replay, or a pin. */
  #isCutOff(shown: number): boolean {
    const unshown = this.#oracle.ledger().filter(({ ordinal }) => Number(ordinal) > shown);
    return unshown.every(({ publication_id }) => {
      const [, run, nonce] = /^carmila-(.+)-replay-(.+)$/.exec(String(publication_id)) ?? [];
      return nonce !== undefined && !this.#oracle.replays.has(`${run} ${nonce}`);
    });
  }

  #checkRegistered({ publication_id }: Line): void {
    const { run, attempt } = this.#entryOf(String(publication_id), this.#oracle.ledger()) ?? {};
    const name = this.#nameOf(best, `register/${publication_id}-attempt-${attempt}.json`);
    const text = this.#mesh.cloud.storage.text('exports', name) ?? '{}';
    const candidate = JSON.parse(text) as { run?: string; attempt?: number };
    if (candidate.run === run && candidate.attempt === attempt) return;
    const found = `run ${candidate.run}, attempt ${candidate.attempt}`;
    this.#oracle.fail('a candidate is not registered', `${name}: ${found}; expected ${run}, ${attempt}`);
  }

  /** In the end the files that readers find are of that run. */
  checkShown(run: string): void {
    for (const output of objectOutputsOf(this.#mesh.pipeline)) {
      if (output.kind === 'model') continue;
      const text = this.#mesh.cloud.storage.text('exports', this.#nameOf(output, 'current.json')) ?? '{}';
      const shown = (JSON.parse(text) as { run?: string }).run;
      if (shown !== run)
        this.#oracle.fail('the files differ', `${output.name} is of ${shown}; expected ${run}`);
    }
  }

  #nameOf = ({ name }: ObjectOutput, object: string): string =>
    `${this.#mesh.pipeline.name}/${name}/${object}`;
}

/** It changes what becomes of the champion, and nothing else. */
const isPin = ({ kind }: Line): boolean => kind === 'pin' || kind === 'unpin';

const championIn = (entry: Line, model: string): PublishedObjects | undefined =>
  outputsOf(entry).find(({ kind, output }) => kind === 'model' && output === model);

const read = new WeakMap<Line, readonly PublishedObjects[]>();

/** The files and models that an entry of the ledger made current. */
export function outputsOf(entry: Line): readonly PublishedObjects[] {
  const outputs =
    read.get(entry) ?? (JSON.parse(String(entry.outputs)) as readonly PublishedOutput[]).filter(isObjects);
  read.set(entry, outputs);
  return outputs;
}
