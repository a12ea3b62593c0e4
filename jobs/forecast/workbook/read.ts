// Reads a frozen folder of workbooks into a panel, or lists everything that is wrong with it.
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import { buildPanel, type ExcludedSite } from '../series/build.ts';
import type { DataNote } from '../series/notes.ts';
import type { Day, Panel, Site } from '../series/panel.ts';
import { readCensus, type Exception } from './census.ts';
import { readFlux, type FluxContext } from './flux.ts';
import { Observations, type ObservationColumns } from './observations.ts';
import { ProblemList, type Place } from './problems.ts';
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

/** What stands in the files, as plain data that another thread can be handed. */
export interface FolderContent {
  /** Empty when Transco could not be used. */
  readonly sites: readonly Site[];
  readonly exceptions: readonly Exception[];
  readonly observations: ObservationColumns;
  /** The places that observations point to. */
  readonly sheets: readonly Place[];
  readonly notes: readonly DataNote[];
  readonly problems: readonly InputProblem[];
  readonly problemCount: number;
}

/** `today` is the last day that may have visitors. Reads every file, even after a problem. */
export const readFolder = async (files: readonly SourceFile[], today: Day): Promise<FolderReading> =>
  panelOf(await readFiles(files, today, () => undefined));

/** `onFile` is called with the name of each file before it is read. */
export async function readFiles(
  files: readonly SourceFile[],
  today: Day,
  onFile: (name: string) => void,
): Promise<FolderContent> {
  const problems = new ProblemList();
  const begin = (file: SourceFile): SourceFile => {
    onFile(file.name);
    return file;
  };
  const transcoFile = oneOf(files, 'transco', 'Transco.xlsx', problems);
  const transco = transcoFile && (await readTransco(begin(transcoFile), problems));
  const { sites, inDoubt } = transco ?? { sites: [], inDoubt: new Set<string>() };
  // Against a Transco that is itself in doubt, every code would look unknown.
  const isUsable = sites.length > 0;
  const malls = isUsable ? new Set([...sites.map(({ mall }) => fold(mall)), ...inDoubt]) : undefined;
  const censusFile = oneOf(files, 'openings', 'the opening census', problems);
  const census = censusFile && (await readCensus(begin(censusFile), malls, problems));
  const context: FluxContext = {
    siteOfCode: isUsable ? new Map(sites.map(({ code }, index) => [code, index])) : undefined,
    codesInDoubt: inDoubt,
    today,
    observations: new Observations(),
    sheets: [],
    rows: 0,
    problems,
  };
  const fluxNotes: DataNote[] = [];
  for (const file of fluxFiles(files, problems)) fluxNotes.push(...(await readFlux(begin(file), context)));
  return {
    sites,
    exceptions: census?.exceptions ?? [],
    observations: context.observations.values,
    sheets: context.sheets,
    notes: [...(transco?.notes ?? []), ...(census?.notes ?? []), ...fluxNotes],
    problems: problems.kept,
    problemCount: problems.count,
  };
}

/** Lays the values out as a panel; what only shows when they stand side by side is a problem too. */
export function panelOf(content: FolderContent): FolderReading {
  const { sites, exceptions, sheets, notes } = content;
  const problems = new ProblemList(content.problems, content.problemCount);
  const observations = Observations.of(content.observations);
  const built =
    sites.length > 0 && (problems.count === 0 || observations.length > 0)
      ? buildPanel(sites, observations, exceptions, sheets, problems)
      : undefined;
  if (built === undefined || problems.count > 0) {
    return { kind: 'refused', problems: problems.kept, problemCount: problems.count };
  }
  return { kind: 'panel', ...built, notes };
}

function fluxFiles(files: readonly SourceFile[], problems: ProblemList): readonly SourceFile[] {
  const flux = files.filter(({ role }) => role === 'flux');
  if (flux.length === 0) {
    problems.add({ file: 'flux quotidiens.xlsx' }, 'no such file', 'at least one flux file');
  }
  return flux.toSorted((one, other) => (one.name < other.name ? -1 : 1));
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
