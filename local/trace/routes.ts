// The Telemetry API's way in for traces, and a way out of this cloud's own.
import type { FastifyInstance } from 'fastify';
import type { Authorize } from '../iam/authorize.ts';
import { readSpans } from './otlp.ts';
import type { Traces } from './traces.ts';

export function traceRoutes(
  app: FastifyInstance,
  traces: Traces,
  projectId: string,
  authorize: Authorize,
): void {
  app.post('/v1/traces', (request) => {
    const sent = readSpans(request.body);
    for (const { projectId: project } of sent) {
      authorize(request.caller, 'telemetry.traces.write', `projects/${project}`);
    }
    traces.record(sent.flatMap(({ spans }) => spans));
    return {};
  });

  // Google shows traces in its console, and its older API answers in another form, with less in it.
  app.get<{ Params: { traceId: string } }>('/v1/traces/:traceId', (request) => {
    authorize(request.caller, 'cloudtrace.traces.get', `projects/${projectId}`);
    return { spans: traces.spansOf(request.params.traceId) };
  });
}
