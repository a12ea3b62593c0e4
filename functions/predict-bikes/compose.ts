// Composes predict-bikes: makes its ports from its configuration, and answers each call.
import { TASKS } from '../../models/bikes/bundle.ts';
import { ConfigurationError, messageOf } from '../../shared/errors.ts';
import type { AdaptersOf, ConfigOf } from '../../shared/functions/declaration.ts';
import type { Answer, Call } from '../../shared/http/call.ts';
import { objectOutputsOf } from '../../shared/pipelines/outputs.ts';
import { pipelineNamed } from '../../shared/pipelines/registry.ts';
import { findPointer } from '../../shared/publications/pointer.ts';
import { readRegister } from '../../shared/publications/register.ts';
import { inOwnTrace } from '../../shared/tracing/spans.ts';
import { Follower } from './follow.ts';
import type declaration from './function.ts';
import { loadPublished } from './load.ts';
import { MOST_BODY_BYTES } from './limits.ts';
import { answerCall, type Ports } from './predict-bikes.ts';
import { refused } from './refused.ts';
import { shownCandidate, type Register } from './shown-state.ts';

type Declaration = typeof declaration;

const MOST_SHOWN = 20;
const REGISTER_KEPT_MS = 10_000;

export function composePredictBikes(config: ConfigOf<Declaration>, adapters: AdaptersOf<Declaration>) {
  const { PIPELINE, SERVICE, MODEL } = config;
  const { now, wait, pipelines } = adapters;
  const name = `${PIPELINE}-${SERVICE}`;
  const log = adapters.createLog(name, config.GOOGLE_CLOUD_PROJECT);
  const tracing = adapters.openTracing(name, config, log);
  const exports = adapters.objects(config.EXPORTS_BUCKET, config);
  const task = TASKS.find((known) => known === MODEL);
  if (task === undefined)
    throw new ConfigurationError(`MODEL: found ${MODEL}; expected one of ${TASKS.join(', ')}`);
  const output = objectOutputsOf(pipelineNamed(pipelines, PIPELINE)).find((each) => each.name === MODEL);
  if (output?.kind !== 'model')
    throw new ConfigurationError(`MODEL: ${PIPELINE} publishes no model ${MODEL}`);
  const follower = new Follower({
    find: async () => (await findPointer(exports, PIPELINE, MODEL))?.value,
    load(pointer, how) {
      const loaded = inOwnTrace('load-model', {}, () => loadPublished(exports, task, pointer, how));
      // Requests wait for the model, and not for its trace. A prediction is not traced: sending its span takes longer.
      void tracing.during(() => Promise.allSettled([loaded]));
      return loaded;
    },
    now,
    wait,
    log,
  });
  const register = keptFor(REGISTER_KEPT_MS, now, async (): Promise<Register> => ({
    register: (await readRegister(exports, PIPELINE, MODEL, MOST_SHOWN)).map(shownCandidate),
  }));
  const ports: Ports = { follower, register, metric: output.metric, model: MODEL };
  return {
    /** Begins to load the model; the first request does as well. */
    begin: () => follower.observe(),
    mostBodyBytes: MOST_BODY_BYTES,
    async answer(call: Call): Promise<Answer> {
      try {
        return await answerCall(call, ports);
      } catch (error) {
        log.error({ err: error }, `${call.method} ${call.path.slice(0, 100)} failed: ${messageOf(error)}`);
        return refused(500, 'UNEXPECTED_ERROR', 'The request failed; the log of the service has the cause.');
      }
    },
  };
}

/** One reading at a time, whose result is kept so long; a failure is not kept. */
function keptFor<Value>(ms: number, now: () => number, read: () => Promise<Value>): () => Promise<Value> {
  let kept: { readonly untilMs: number; readonly value: Promise<Value> } | undefined;
  return () => {
    if (kept !== undefined && now() < kept.untilMs) return kept.value;
    const value = read();
    kept = { untilMs: now() + ms, value };
    value.catch(() => (kept = undefined));
    return value;
  };
}
