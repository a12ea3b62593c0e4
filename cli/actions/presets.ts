// Lists the presets of the pipelines that the caller may request runs of.
import { clientOf } from '../requests/open.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';

/** `name`: of one pipeline alone. */
export async function showPresets(sluice: Sluice, target: Target, name: string | undefined): Promise<void> {
  const { presets, pipelines } = await clientOf(target).presets();
  const found = presets.filter(({ pipeline }) => name === undefined || pipeline === name);
  const rows = found.map(({ pipeline, name: preset, description, parameters }) => ({
    Preset: [preset, `of ${pipeline}`],
    Starts: [description, JSON.stringify(parameters)],
  }));
  const requestable = pipelines.map(({ pipeline }) => pipeline);
  sluice.showRows(found, rows, noneText(requestable, name));
  const [first] = found;
  if (first !== undefined)
    sluice.hint(`To request a run: ${sluice.line('request', first.pipeline, '--preset', first.name)}`);
}

function noneText(requestable: readonly string[], name: string | undefined): string {
  if (requestable.length === 0) return 'The stack lists you as a caller of no pipeline.';
  const expected = requestable.join(', ');
  if (name === undefined || requestable.includes(name)) return `There are no presets of ${name ?? expected}.`;
  return `You may request no runs of ${name}; you may of ${expected}.`;
}
