// The panel that the forecast is measured on, read from a folder of workbooks as the job reads it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { castRoles } from '../../shared/sources/roles.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { filterOutliers } from '../../jobs/forecast/series/outlier-filter.ts';
import { dayOf, type Panel } from '../../jobs/forecast/series/panel.ts';
import { readFolderApart } from '../../jobs/forecast/workbook/apart.ts';

/** Later than any workbook's last day. */
const TODAY = dayOf('2100-01-01');

/** Throws when the job would refuse the folder. `seconds`: how long reading the workbooks took. */
export async function readPanel(folder: string): Promise<{ panel: Panel; seconds: number }> {
  const startMs = performance.now();
  const reported = await readReported(folder);
  const seconds = (performance.now() - startMs) / 1000;
  return { panel: filterOutliers(reported).panel, seconds };
}

/** The same with every value as it was reported, outliers among them. */
export async function readReported(folder: string): Promise<Panel> {
  const files = readdirSync(folder).map((name) => ({
    role: roleOf(name),
    name,
    bytes: readFileSync(join(folder, name)),
  }));
  const reading = await readFolderApart(files, TODAY);
  if (reading.kind === 'refused')
    throw new Error(`the job refuses ${folder}: ${reading.problems[0]?.message}`);
  return reading.panel;
}

/** The role that the file of this name plays for the pipeline; `none` when it plays none. */
export function roleOf(name: string): string {
  const file = {
    id: name,
    name,
    content: { kind: 'md5' as const, md5Hex: '' },
    sizeBytes: 0,
    modifiedAtMs: 0,
  };
  for (const [role, wanted] of Object.entries(carmila.trigger.source.files)) {
    const cast = castRoles([file], { [role]: wanted });
    if (cast.kind === 'complete') return role;
  }
  return 'none';
}
