// The Telemetry API's way in for traces; the ways out are Cloud Trace's, and one of this cloud's own.
import type { FastifyInstance } from 'fastify';
import type { Authorize } from '../iam/authorize.ts';
import { notFound } from '../http/errors.ts';
import { readSpans } from './otlp.ts';
import { traceSpan } from './trace-span.ts';
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

  app.get<{ Params: { project: string; traceId: string } }>(
    '/v1/projects/:project/traces/:traceId',
    (request) => {
      const { project, traceId } = request.params;
      authorize(request.caller, 'cloudtrace.traces.get', `projects/${project}`);
      const spans = traces.spansOf(traceId);
      if (spans.length === 0) throw notFound(`Trace ${traceId} was not found.`);
      return { projectId: project, traceId, spans: spans.map(traceSpan) };
    },
  );

  // Cloud Trace answers in another form, with less in it: no exception, no link.
  app.get<{ Params: { traceId: string } }>('/v1/traces/:traceId', (request) => {
    authorize(request.caller, 'cloudtrace.traces.get', `projects/${projectId}`);
    return { spans: traces.spansOf(request.params.traceId) };
  });
}
