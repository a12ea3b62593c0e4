// Reads a frozen folder of workbooks into a panel, or says everything that is wrong with it.
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import { buildPanel, type ExcludedSite } from '../series/build.ts';
import type { DataNote } from '../series/notes.ts';
import type { Day, Panel } from '../series/panel.ts';
import { readCensus } from './census.ts';
import { readFlux, type FluxContext } from './flux.ts';
import { Observations } from './observations.ts';
import { ProblemList } from './problems.ts';
import type { WorkbookFile } from './sheet.ts';
import { readTransco } from './transco.ts';
import { fold } from './words.ts';

export interface SourceFile extends WorkbookFile {
  readonly role: string;
}

export type FolderReading =
  | {
      readonly kind: 'panel';
      readonly panel: Panel;
      readonly excluded: readonly ExcludedSite[];
      /** What was left out on purpose: sheets that were not read. */
      readonly notes: readonly DataNote[];
    }
  | { readonly kind: 'refused'; readonly problems: readonly InputProblem[]; readonly problemCount: number };

/** `today` is the last day that may have visitors. Reads every file, even after a problem. */
export async function readFolder(files: readonly SourceFile[], today: Day): Promise<FolderReading> {
  const problems = new ProblemList();
  const transcoFile = oneOf(files, 'transco', 'Transco.xlsx', problems);
  const transco = transcoFile && (await readTransco(transcoFile, problems));
  // Against a Transco that is itself in doubt, every code would look unknown.
  const isUsable = transco !== undefined && transco.sites.length > 0;
  const malls = isUsable ? new Set(transco.sites.map(({ mall }) => fold(mall))) : undefined;
  const censusFile = oneOf(files, 'openings', 'the opening census', problems);
  const census = censusFile && (await readCensus(censusFile, malls, problems));
  const context: FluxContext = {
    siteOfCode: isUsable ? new Map(transco.sites.map(({ code }, index) => [code, index])) : undefined,
    today,
    observations: new Observations(),
    sheets: [],
    rows: 0,
    problems,
  };
  const fluxNotes = await readAllFlux(files, context);
  const built =
    isUsable && (problems.count === 0 || context.observations.length > 0)
      ? buildPanel(transco.sites, context.observations, census?.exceptions ?? [], context.sheets, problems)
      : undefined;
  if (built === undefined || problems.count > 0) {
    return { kind: 'refused', problems: problems.kept, problemCount: problems.count };
  }
  const notes = [...(transco?.notes ?? []), ...(census?.notes ?? []), ...fluxNotes];
  return { kind: 'panel', ...built, notes };
}

async function readAllFlux(files: readonly SourceFile[], context: FluxContext): Promise<readonly DataNote[]> {
  const flux = files
    .filter(({ role }) => role === 'flux')
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  if (flux.length === 0)
    context.problems.add({ file: 'flux quotidiens.xlsx' }, 'no such file', 'at least one flux file');
  const notes: DataNote[] = [];
  for (const file of flux) notes.push(...(await readFlux(file, context)));
  return notes;
}

function oneOf(
  files: readonly SourceFile[],
  role: string,
  shown: string,
  problems: ProblemList,
): SourceFile | undefined {
  const found = files.filter((file) => file.role === role);
  if (found.length === 1) return found[0];
  const names = found.map(({ name }) => name).join(' and ');
  problems.add(
    { file: found[0]?.name ?? shown },
    names === '' ? 'no such file' : `${names}`,
    `exactly one file: ${shown}`,
  );
  return undefined;
}
