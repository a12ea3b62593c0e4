// Composes accept-requests: makes its ports from its configuration, and answers each call.
import { Access } from '../../shared/api/access.ts';
import { called, type Handlers } from '../../shared/api/asked.ts';
import { openHandlers } from '../../shared/api/open-handlers.ts';
import { issuersOf } from '../../shared/api/issuers.ts';
import { JobReader } from '../../shared/api/job-objects.ts';
import { MOST_BODY_BYTES, serve } from '../../shared/api/serve.ts';
import type { RunRequested } from '../../shared/events/messages.ts';
import type { AdaptersOf, ConfigOf } from '../../shared/functions/declaration.ts';
import type { Answer, StreamedAnswer, WholeCall } from '../../shared/http/call.ts';
import type { HttpService } from '../../shared/http/register.ts';
import { requestsOf } from '../../shared/pipelines/pipeline.ts';
import { requestRun } from './accept.ts';
import { requestAnalysis } from './analyze.ts';
import { eraseJobContent } from './erase.ts';
import { estimateCost } from './estimate-cost.ts';
import type declaration from './function.ts';
import { approveJob, cancelJob, rejectJob } from './gates.ts';
import { Hints } from './hints.ts';
import { Histories } from './histories.ts';
import type { Ports } from './ports.ts';
import { RATE, Rates } from './rate.ts';
import { WaitingCounts } from './waiting.ts';

type Declaration = typeof declaration;
const NAME = 'accept-requests';

export function composeAcceptRequests(
  config: ConfigOf<Declaration>,
  adapters: AdaptersOf<Declaration>,
): HttpService<Answer | StreamedAnswer> {
  const { now, newId } = adapters;
  const log = adapters.createLog(NAME, config.GOOGLE_CLOUD_PROJECT);
  const pipelines = requestsOf(adapters.pipelines.values());
  const runs = adapters.objects(config.RUNS_BUCKET, config);
  const requests = adapters.objects(config.REQUESTS_BUCKET, config);
  const topic = adapters.topic<RunRequested>(config.RUN_REQUESTED_TOPIC, config);
  const ports: Ports = {
    ...{ runs, requests, now, newId, log },
    audit: adapters.objects(config.AUDIT_BUCKET, config),
    results: adapters.objects(config.RESULTS_BUCKET, config),
    access: new Access(pipelines, config),
    reader: new JobReader({ runs, requests }),
    hints: new Hints(topic, log),
    histories: new Histories(requests, now),
    rates: new Rates(RATE, now),
    waiting: new WaitingCounts(requests, now),
  };
  const handlers: Handlers = {
    ...openHandlers(NAME, pipelines),
    requestAnalysis: called((asked) => requestAnalysis(asked, ports)),
    requestRun: called((asked) => requestRun(asked, ports)),
    estimateCost: called((asked) => estimateCost(asked, ports)),
    cancelJob: called((asked) => cancelJob(asked, ports)),
    approveJob: called((asked) => approveJob(asked, ports)),
    rejectJob: called((asked) => rejectJob(asked, ports)),
    eraseContent: called((asked) => eraseJobContent(asked, ports)),
  };
  const answer = serve({
    ...{ name: NAME, handlers, now, log },
    issuers: issuersOf(config, adapters.tokenKeys(config), now),
    corsOrigins: new Set(config.CORS_ORIGINS),
  });
  return { mostBodyBytes: MOST_BODY_BYTES, answer: (call: WholeCall) => answer(call) };
}
