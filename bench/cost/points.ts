// Which points of the program's own metrics come of the lines that functions print, as Cloud Logging would read them.
import type { PlannedResource } from '../../infra/plan.ts';
import { readFilter } from '../../local/logging/filter.ts';
import type { Points } from './measured.ts';

type Payload = Readonly<Record<string, unknown>>;

/** By metric and labels, in their order; `printed` are the lines of functions alone. */
export function pointsOf(plan: readonly PlannedResource[], printed: readonly string[]): Points[] {
  const payloads = printed.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Payload);
  return plan
    .filter(({ type }) => type === 'gcp:logging/metric:Metric')
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .flatMap((metric) => countedBy(metric, payloads));
}

function countedBy({ name, inputs }: PlannedResource, payloads: readonly Payload[]): Points[] {
  const fits = readFilter(String(inputs.filter));
  const extractors = inputs.labelExtractors as Readonly<Record<string, string>>;
  const found = new Map<string, Points>();
  for (const jsonPayload of payloads) {
    if (!fits({ resource: { type: 'cloud_run_revision' }, jsonPayload })) continue;
    const labels = labelsOf(jsonPayload, extractors);
    const key = JSON.stringify(labels);
    found.set(key, { metric: name, labels, lines: (found.get(key)?.lines ?? 0) + 1 });
  }
  return [...found].toSorted(([one], [other]) => one.localeCompare(other)).map(([, points]) => points);
}

const labelsOf = (payload: Payload, extractors: Readonly<Record<string, string>>): Points['labels'] =>
  Object.fromEntries(
    Object.entries(extractors).map(([label, extractor]) => {
      const [, field = ''] = /^EXTRACT\(jsonPayload\.(\w+)\)$/.exec(extractor) ?? [];
      return [label, String(payload[field] ?? '')];
    }),
  );
