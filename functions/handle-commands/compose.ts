// Composes handle-commands: makes its ports from its configuration, and answers each call.
import { z } from 'zod';
import { KeySet } from '../../shared/access/key-set.ts';
import { listRequest, type DeadLetterList } from '../../shared/dead-letters/list.ts';
import { PermanentError } from '../../shared/errors.ts';
import { answerOf, type HttpAnswer, type HttpCall } from '../../shared/events/answer.ts';
import type { LoadRequested, RunRequested } from '../../shared/events/messages.ts';
import type { AdaptersOf, ConfigOf } from '../../shared/functions/declaration.ts';
import { command, type CommandResult } from '../../shared/commands/command.ts';
import { jobNameOf } from '../../shared/pipelines/pipeline.ts';
import { pipelineNamed } from '../../shared/pipelines/registry.ts';
import { inOwnTrace, inRun, step } from '../../shared/tracing/spans.ts';
import type declaration from './function.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import type { Ports } from './ports.ts';
import { handleCommand } from './handle-commands.ts';
import { checkFresh, mayCommand, senderOf, type ConsolePorts } from './sender.ts';

type Declaration = typeof declaration;

export function composeHandleCommands(config: ConfigOf<Declaration>, adapters: AdaptersOf<Declaration>) {
  const { pipelines, now, newId, wait } = adapters;
  const log = adapters.createLog('handle-commands', config.GOOGLE_CLOUD_PROJECT);
  const tracing = adapters.openTracing('handle-commands', config, log);
  const runners = new Map(
    [...pipelines.values()].map((pipeline) => [pipeline.name, adapters.jobs(jobNameOf(pipeline), config)]),
  );
  const ports: Ports = {
    pipelines,
    audit: adapters.objects(config.AUDIT_BUCKET, config),
    runs: adapters.objects(config.RUNS_BUCKET, config),
    results: adapters.objects(config.RESULTS_BUCKET, config),
    requests: adapters.objects(config.REQUESTS_BUCKET, config),
    runRequested: adapters.topic<RunRequested>(config.RUN_REQUESTED_TOPIC, config),
    loadRequested: adapters.topic<LoadRequested>(config.LOAD_REQUESTED_TOPIC, config),
    poll: (body) => adapters.call(config.DETECT_CHANGES_URL, body),
    jobsOf: (pipeline) => pipelineNamed(runners, pipeline),
    deadLetters: adapters.deadLetters(config),
    now,
    newId,
    wait,
    log,
  };
  const console: ConsolePorts = {
    account: config.CONSOLE_ACCOUNT,
    operators: config.CONSOLE_OPERATORS,
    audience: config.CONSOLE_AUDIENCE,
    keys: new KeySet({ fetchKeys: adapters.tokenKeys(config).iap, now }),
    now,
  };
  const take = (call: HttpCall) => answerOf(log, () => accept(call, ports, console));
  return (call: HttpCall): Promise<HttpAnswer> =>
    tracing.during(() => inOwnTrace('command', call.headers, () => take(call)));
}

async function accept(
  call: HttpCall,
  ports: Ports,
  console: ConsolePorts,
): Promise<CommandResult | DeadLetterList> {
  const sender = await senderOf(call.headers, console);
  if (listRequest.safeParse(call.body).success) return step('list', () => listDeadLetters(ports));
  mayCommand(sender, console);
  const given = command.safeParse(call.body);
  if (!given.success)
    throw new PermanentError(`the command is invalid and nothing was done: ${z.prettifyError(given.error)}`, {
      code: 'COMMAND_INVALID',
    });
  checkFresh(given.data.id, sender, ports.now());
  // A command for an unknown pipeline leaves no record.
  if ('pipeline' in given.data) pipelineNamed(ports.pipelines, given.data.pipeline);
  const carryOut = () => handleCommand(given.data, sender, ports);
  return 'run' in given.data ? inRun(given.data, given.data.verb, carryOut) : step(given.data.verb, carryOut);
}
