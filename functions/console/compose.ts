// Composes the console: makes its ports from its configuration, and answers each call.
import { KeySet } from '../../shared/access/key-set.ts';
import { PASSED_ON } from '../../shared/access/assertion.ts';
import { commandResult } from '../../shared/commands/command.ts';
import { deadLetterList, LIST_DEAD_LETTERS } from '../../shared/dead-letters/list.ts';
import type { AdaptersOf, ConfigOf } from '../../shared/functions/declaration.ts';
import type { WholeCall } from '../../shared/http/call.ts';
import type { HttpService } from '../../shared/http/register.ts';
import { requestsOf } from '../../shared/pipelines/pipeline.ts';
import { requestersOf } from '../../shared/pipelines/requesters.ts';
import { inOwnTrace } from '../../shared/tracing/spans.ts';
import type declaration from './function.ts';
import type { Ports } from './ports.ts';
import { AllStandings } from './reading/all.ts';
import { openJobs } from './reading/jobs.ts';
import { Forecasts } from './reading/forecast.ts';
import { DeadLettersRead } from './reading/dead-letters.ts';
import { MOST_BODY_BYTES, serve } from './serve.ts';

type Declaration = typeof declaration;

export function composeConsole(
  config: ConfigOf<Declaration>,
  adapters: AdaptersOf<Declaration>,
): HttpService {
  const { pipelines, now, newId, wait } = adapters;
  const log = adapters.createLog('console', config.GOOGLE_CLOUD_PROJECT);
  const ask = (body: object, assertion: string) =>
    adapters.call(config.HANDLE_COMMANDS_URL, body, { [PASSED_ON]: assertion });
  const runs = adapters.objects(config.RUNS_BUCKET, config);
  const requests = adapters.objects(config.REQUESTS_BUCKET, config);
  const ports: Ports = {
    ...{ pipelines, now, newId, wait, log, runs, requests },
    project: config.GOOGLE_CLOUD_PROJECT,
    results: adapters.objects(config.RESULTS_BUCKET, config),
    audit: adapters.objects(config.AUDIT_BUCKET, config),
    exports: adapters.objects(config.EXPORTS_BUCKET, config),
    jobs: openJobs({ runs, requests }),
    warehouse: adapters.warehouse(config),
    jobLog: adapters.jobLog(config),
    traces: adapters.recordedTraces(config),
    all: new AllStandings(),
    forecasts: new Forecasts(now),
    deadLetters: new DeadLettersRead({
      list: async (assertion) => deadLetterList.parse(await ask(LIST_DEAD_LETTERS, assertion)),
      ...{ now, log, wait },
    }),
    operators: config.CONSOLE_OPERATORS,
    people: {
      readers: config.CONSOLE_READERS,
      requesters: new Map(
        requestsOf(pipelines.values()).map((each) => [each.name, requestersOf(each, config)]),
      ),
    },
    send: async (command, assertion) => commandResult.parse(await ask(command, assertion)),
  };
  const keys = new KeySet({ fetchKeys: adapters.tokenKeys(config).iap, now });
  const answer = serve(ports, { keys, audience: config.CONSOLE_AUDIENCE, now });
  const tracing = adapters.openTracing('console', config, log);
  // A poll of a page is no work of the mesh; a command is.
  const traced = (call: WholeCall) =>
    tracing.during(() => inOwnTrace('command', call.headers, () => answer(call)));
  return {
    mostBodyBytes: MOST_BODY_BYTES,
    answer: (call) => (call.method === 'POST' ? traced(call) : answer(call)),
  };
}
