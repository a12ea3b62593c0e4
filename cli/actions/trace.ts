// A run's trace as a tree, or where Google shows it.
import { ConfigurationError } from '../../shared/errors.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { traceIdOf } from '../../shared/tracing/ids.ts';
import type { Span } from '../../local/trace/span.ts';
import type { Target } from '../target.ts';
import { traceText } from '../trace-tree.ts';
import type { Sluice } from '../verbs/verb.ts';
import { isWatchRun } from '../../shared/runs/names.ts';
import { checkedRunId, toListRuns } from './stores.ts';

export async function showTrace(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  id: string,
): Promise<void> {
  const run = checkedRunId(id);
  const traceId = traceIdOf({ pipeline: pipeline.name, run });
  const spans = await spansOf(target, traceId);
  if (spans === undefined) {
    const url = consoleUrl(target.config.GOOGLE_CLOUD_PROJECT, traceId);
    return sluice.report({ run, traceId, url, spans: null }, url);
  }
  if (spans.length === 0)
    throw new ConfigurationError(
      `There is no trace of run ${run} of ${pipeline.name}. ${toListRuns(pipeline)}`,
    );
  const title = `run ${run} of ${pipeline.name}, trace ${traceId}`;
  sluice.report(
    { run, traceId, url: null, spans },
    traceText(title, named(spans, run), process.stdout.isTTY, process.stdout.columns),
  );
}

/** The title names the run; the long id of a requested one would leave no room in the tree. */
const named = (spans: readonly Span[], run: string): readonly Span[] =>
  isWatchRun(run)
    ? spans
    : spans.map((span) => (span.name === `run ${run}` ? { ...span, name: 'run' } : span));

/** Undefined in a project of Google's: its console shows traces better than a terminal does. */
async function spansOf({ config }: Target, traceId: string): Promise<readonly Span[] | undefined> {
  if (config.GOOGLE_API_ENDPOINT === undefined) return undefined;
  const answer = await fetch(`${config.GOOGLE_API_ENDPOINT}/v1/traces/${traceId}`);
  if (!answer.ok) throw new Error(`asking for the trace ${traceId}: ${await answer.text()}`);
  return ((await answer.json()) as { spans: readonly Span[] }).spans;
}

const consoleUrl = (project: string, traceId: string): string =>
  `https://console.cloud.google.com/traces/explorer;traceId=${traceId}?project=${project}`;
