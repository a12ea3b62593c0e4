// The story of a request: which route it takes, what answers it, and what it is refused for.
import { answered, type Answer, type Call } from '../../shared/http/call.ts';
import { choose } from './choose.ts';
import type { Follower, Serving } from './follow.ts';
import { healthOf, shownFailure, shownVersion, type Register } from './shown-state.ts';
import { refused } from './refused.ts';
import { readRequest, unprocessable, type Asking } from './request.ts';

export interface Ports {
  readonly follower: Follower;
  /** The candidates that training registered. */
  readonly register: () => Promise<Register>;
  /** The metric that the pipeline chooses its champions by. */
  readonly metric: string;
  readonly model: string;
}

type Route = (call: Call, ports: Ports) => Answer | Promise<Answer>;
type Methods = Readonly<Record<string, Route>>;

const ROUTES: ReadonlyMap<string, Methods> = new Map<string, Methods>([
  ['/predict', { POST: predict }],
  ['/models', { GET: listModels }],
  ['/health', { GET: showHealth }],
  ['/refresh_model', { POST: refreshModel }],
]);

/** A first request waits this long for a model that is being loaded. */
const LONGEST_WAIT_MS = 10_000;
const RETRY_AFTER_S = 10;

/** Every route has the follower poll its pointer, so that a service that is only asked for its health follows as well. */
export async function answerCall(call: Call, ports: Ports): Promise<Answer> {
  const methods = ROUTES.get(call.path.length > 1 ? call.path.replace(/\/$/, '') : call.path);
  if (methods === undefined) {
    const known = [...ROUTES].map(([path, routes]) => `${Object.keys(routes).join()} ${path}`);
    return refused(
      404,
      'CALL_INVALID',
      `There is no ${call.path.slice(0, 100)}; expected one of ${known.join(', ')}.`,
    );
  }
  const method = call.method === 'HEAD' ? 'GET' : call.method;
  const route = Object.hasOwn(methods, method) ? methods[method] : undefined;
  // To refresh polls the pointer itself, and waits for it.
  if (route !== refreshModel) ports.follower.observe();
  if (route !== undefined) return route(call, ports);
  const allow = Object.keys(methods).join(', ');
  return refused(
    405,
    'CALL_INVALID',
    `${call.path} does not take ${call.method.slice(0, 20)}; expected ${allow}.`,
    { headers: { allow } },
  );
}

async function predict(call: Call, ports: Ports): Promise<Answer> {
  const read = readRequest(call);
  if (read.kind === 'refused') return read.answer;
  const { follower } = ports;
  if (follower.serving === undefined) await follower.served(LONGEST_WAIT_MS);
  const answer = predictWith(follower.serving, read, ports);
  if (answer !== 'not-loaded') return answer;
  // Right after a start, the kinds that seldom are asked for may still be loading.
  await follower.settled(LONGEST_WAIT_MS);
  const later = predictWith(follower.serving, read, ports);
  return later === 'not-loaded' ? unavailable(ports) : later;
}

/** `serving` is read once: a swap while this request is answered is of no effect on it. */
function predictWith(
  serving: Serving | undefined,
  asking: Asking,
  { metric, model: name }: Ports,
): Answer | 'not-loaded' {
  if (serving === undefined) return 'not-loaded';
  const { model } = serving;
  const choice = choose(model.descriptor, asking, metric);
  if (choice.kind === 'wrong') return unprocessable([choice.problem]);
  if (!model.kinds.includes(choice.type)) return 'not-loaded';
  const answers = model.answer(choice.type, asking.asked);
  const predictions = answers.map(({ prediction }) => rounded(prediction));
  const warnings = answers.flatMap((answer, record) =>
    [...(asking.warnings.get(record) ?? []), ...answer.warnings].map((message) => ({ record, message })),
  );
  const { metric: chosenBy, score, type } = choice;
  return answered({
    predictions,
    ...(model.descriptor.task === 'class'
      ? { label: predictions.map((forte) => (forte === 1 ? 'forte' : 'faible')) }
      : {}),
    model: { name, type, ...shownVersion(serving), metric: chosenBy, score },
    ...(warnings.length > 0 ? { warnings } : {}),
  });
}

/** A hundredth of a bicycle says nothing, and makes answers long. */
const rounded = (prediction: number): number => Math.round(prediction * 1000) / 1000;

function unavailable({ follower, model }: Ports): Answer {
  const { failure, serving } = follower;
  const why = failure?.message ?? (serving === undefined ? 'none is published' : 'it is being loaded');
  const what = serving === undefined ? `no model ${model}` : `not all types of the model ${model}`;
  const detail = `The service has ${what} to answer with: ${why}. Try again in ${RETRY_AFTER_S} seconds.`;
  return refused(503, 'MODEL_NOT_LOADED', detail, { headers: { 'retry-after': String(RETRY_AFTER_S) } });
}

async function listModels(_call: Call, ports: Ports): Promise<Answer> {
  const { follower, metric, model } = ports;
  await follower.settled(LONGEST_WAIT_MS);
  return answered({ model, metric, ...healthOf(follower), ...(await ports.register()) });
}

async function showHealth(_call: Call, ports: Ports): Promise<Answer> {
  const { follower, model } = ports;
  if (follower.serving === undefined) await follower.served(LONGEST_WAIT_MS);
  if (follower.serving === undefined) return unavailable(ports);
  return answered({
    status: follower.failure === undefined ? 'ok' : 'degraded',
    model,
    ...healthOf(follower),
  });
}

async function refreshModel(_call: Call, ports: Ports): Promise<Answer> {
  const { follower } = ports;
  const before = follower.serving;
  await follower.refresh();
  const { serving, failure } = follower;
  if (serving === undefined) return unavailable(ports);
  const changed = serving.publication !== before?.publication;
  const message = `The service answers with ${serving.publication}${failure === undefined ? '' : `, as the newest could not be loaded`}.`;
  return answered({ message, changed, serving: shownVersion(serving), ...shownFailure(failure) });
}
