// `sluice trace`: a run's trace as a tree, or where Google shows it.
import { ConfigurationError } from '../../shared/errors.ts';
import { isRunId } from '../../shared/runs/names.ts';
import { traceIdOf } from '../../shared/tracing/ids.ts';
import type { Span } from '../../local/trace/span.ts';
import type { Target } from '../target.ts';
import { traceText } from '../trace-tree.ts';
import type { Verb } from './verb.ts';

export const trace: Verb = ({ program, on, report }) =>
  void program
    .command('trace <run>')
    .description("a run's trace, from the tick to the publication; in a project, where Google shows it")
    .action((run: string) =>
      on(false, async (target, pipeline) => {
        if (!isRunId(run))
          throw new ConfigurationError(`"${run}" is no run id; expected one like 000005-3fa9c1d2`);
        const traceId = traceIdOf({ pipeline: pipeline.name, run });
        const spans = await spansOf(target, traceId);
        if (spans === undefined) {
          const url = consoleUrl(target.config.GOOGLE_CLOUD_PROJECT, traceId);
          return report({ run, traceId, url }, url);
        }
        if (spans.length === 0)
          throw new ConfigurationError(`nobody has told of run ${run} of ${pipeline.name}`);
        const title = `run ${run} of ${pipeline.name}, trace ${traceId}`;
        report({ run, traceId, spans }, traceText(title, spans, process.stdout.isTTY));
      }),
    );

/** Undefined in a project of Google's: its console shows traces better than a terminal does. */
async function spansOf({ config }: Target, traceId: string): Promise<readonly Span[] | undefined> {
  if (config.GOOGLE_API_ENDPOINT === undefined) return undefined;
  const answer = await fetch(`${config.GOOGLE_API_ENDPOINT}/v1/traces/${traceId}`);
  if (!answer.ok) throw new Error(`asking for the trace ${traceId}: ${await answer.text()}`);
  return ((await answer.json()) as { spans: readonly Span[] }).spans;
}

const consoleUrl = (project: string, traceId: string): string =>
  `https://console.cloud.google.com/traces/explorer;traceId=${traceId}?project=${project}`;
