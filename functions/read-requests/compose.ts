// Composes read-requests: makes its ports from its configuration, and answers each call.
import { Access } from '../../shared/api/access.ts';
import { called, type Handlers } from '../../shared/api/asked.ts';
import { openHandlers } from '../../shared/api/open-handlers.ts';
import { issuersOf } from '../../shared/api/issuers.ts';
import { JobReader } from '../../shared/api/job-objects.ts';
import { serve } from '../../shared/api/serve.ts';
import type { AdaptersOf, ConfigOf } from '../../shared/functions/declaration.ts';
import type { Answer, StreamedAnswer, WholeCall } from '../../shared/http/call.ts';
import type { HttpService } from '../../shared/http/register.ts';
import { requestsOf } from '../../shared/pipelines/pipeline.ts';
import { followJob } from './follow-job.ts';
import { Followers } from './followers.ts';
import type declaration from './function.ts';
import { getJob } from './get-job.ts';
import { Lines } from './lines.ts';
import { listJobs } from './list-jobs.ts';
import type { Ports } from './ports.ts';
import { getPreset, listPresets } from './presets.ts';
import { getResult } from './result.ts';

type Declaration = typeof declaration;
const NAME = 'read-requests';
/** No route takes a body; a small one is ignored. */
const MOST_BODY_BYTES = 10_000;

export function composeReadRequests(
  config: ConfigOf<Declaration>,
  adapters: AdaptersOf<Declaration>,
): HttpService<Answer | StreamedAnswer> {
  const { now, wait } = adapters;
  const log = adapters.createLog(NAME, config.GOOGLE_CLOUD_PROJECT);
  const pipelines = requestsOf(adapters.pipelines.values());
  const requests = adapters.objects(config.REQUESTS_BUCKET, config);
  const results = adapters.objects(config.RESULTS_BUCKET, config);
  const ports: Ports = {
    ...{ requests, now, wait },
    access: new Access(pipelines, config),
    reader: new JobReader({ runs: adapters.objects(config.RUNS_BUCKET, config), requests, results }),
    lines: new Lines(requests, now),
    followers: new Followers(),
    links: adapters.links(config.RESULTS_BUCKET, config),
  };
  const handlers: Handlers = {
    ...openHandlers(NAME, pipelines),
    getJob: called((asked) => getJob(asked, ports)),
    followJob: called((asked) => followJob(asked, ports)),
    listJobs: called((asked) => listJobs(asked, ports)),
    getResult: called((asked) => getResult(asked, ports)),
    listPresets: called((asked) => listPresets(asked, ports)),
    getPreset: called((asked) => getPreset(asked, ports)),
  };
  const answer = serve({
    ...{ name: NAME, handlers, now, log },
    issuers: issuersOf(config, adapters.tokenKeys(config), now),
    corsOrigins: new Set(config.CORS_ORIGINS),
  });
  return { mostBodyBytes: MOST_BODY_BYTES, answer: (call: WholeCall) => answer(call) };
}
