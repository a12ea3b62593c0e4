// Faults scripted from outside, in the protocol of Google's storage-testbench: `/retry_test` and a header.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { invalid, notFound, notImplemented } from './errors.ts';
import type { Action, Faults, FaultStatus } from './faults.ts';

const HEADER = 'x-retry-test-id';
const MOST_TESTS = 1000;
const MOST_INSTRUCTIONS = 1000;
const KIBIBYTE = 1024;
// "After a few downloaded bytes", where an instruction does not say after how many.
const FEW_BYTES = 10;
const LONGEST_STALL_SECONDS = 600;

/** The API's methods that can be struck, by the names that Google gives them. */
const METHODS: Readonly<Record<string, readonly [method: string, url: RegExp]>> = {
  'storage.buckets.list': ['GET', /^\/storage\/v1\/b(\?|$)/],
  'storage.buckets.get': ['GET', /^\/storage\/v1\/b\/[^/?]+(\?|$)/],
  'storage.buckets.insert': ['POST', /^\/storage\/v1\/b(\?|$)/],
  'storage.objects.list': ['GET', /^\/storage\/v1\/b\/[^/?]+\/o(\?|$)/],
  'storage.objects.get': ['GET', /^(\/download)?\/storage\/v1\/b\/[^/?]+\/o\/[^/?]+(\?|$)/],
  'storage.objects.insert': ['POST|PUT', /^(\/resumable)?\/upload\/storage\/v1\/b\/[^/?]+\/o(\?|$)/],
  'storage.objects.patch': ['PATCH', /^\/storage\/v1\/b\/[^/?]+\/o\/[^/?]+(\?|$)/],
  'storage.objects.delete': ['DELETE', /^\/storage\/v1\/b\/[^/?]+\/o\/[^/?]+(\?|$)/],
  'storage.objects.rewrite': ['POST', /^\/storage\/v1\/b\/[^/?]+\/o\/[^/?]+\/rewriteTo\//],
  'storage.objects.compose': ['POST', /^\/storage\/v1\/b\/[^/?]+\/o\/[^/?]+\/compose(\?|$)/],
  'pubsub.topics.publish': ['POST', /^\/v1\/projects\/[^?]+\/topics\/[^/?]+:publish/],
  'bigquery.jobs.insert': ['POST', /^(\/upload)?\/bigquery\/v2\/projects\/[^/?]+\/jobs(\?|$)/],
  'bigquery.jobs.query': ['POST', /^\/bigquery\/v2\/projects\/[^/?]+\/queries(\?|$)/],
  'bigquery.jobs.get': ['GET', /^\/bigquery\/v2\/projects\/[^/?]+\/jobs\/[^/?]+(\?|$)/],
  'run.jobs.run': ['POST', /^\/v2\/projects\/[^?]+\/jobs\/[^/?]+:run/],
  'drive.files.list': ['GET', /^\/drive\/v3\/files(\?|$)/],
  'drive.files.get': ['GET', /^\/drive\/v3\/files\/[^/?]+(\?|$)/],
};

interface RetryTest {
  readonly id: string;
  readonly left: Map<string, Action[]>;
  /** The same instructions as their author wrote them; shifted along with `left`. */
  readonly words: Map<string, string[]>;
}

/** Adds POST, GET and DELETE `/retry_test`, and lets the instructions strike requests that carry the header. */
export function retryTestRoutes(app: FastifyInstance, faults: Faults): void {
  const tests = new Map<string, RetryTest>();
  const named = (request: FastifyRequest): RetryTest => {
    const { id } = request.params as { id: string };
    const test = tests.get(id);
    if (test === undefined) throw notFound(`There is no retry test ${id}.`);
    return test;
  };
  faults.alsoFrom((request) => {
    const test = tests.get(String(request.headers[HEADER]));
    return test && nextAction(test, request);
  });
  app.post('/retry_test', (request) => {
    if (tests.size >= MOST_TESTS) throw invalid(`There are ${MOST_TESTS} retry tests; delete some first.`);
    const test = parseTest(request.body);
    tests.set(test.id, test);
    return resourceOf(test);
  });
  app.get('/retry_test/:id', (request) => resourceOf(named(request)));
  app.delete('/retry_test/:id', (request, reply) => {
    tests.delete(named(request).id);
    return reply.code(204).send();
  });
}

function nextAction(test: RetryTest, request: FastifyRequest): Action | undefined {
  for (const [name, actions] of test.left) {
    const [method, url] = METHODS[name] ?? [];
    if (actions.length === 0 || !method?.split('|').includes(request.method) || !url?.test(request.url))
      continue;
    test.words.get(name)?.shift();
    return actions.shift();
  }
  return undefined;
}

function parseTest(body: unknown): RetryTest {
  const { instructions, transport = 'HTTP' } = (body ?? {}) as {
    instructions?: unknown;
    transport?: unknown;
  };
  if (transport !== 'HTTP') throw notImplemented(`retry tests over ${String(transport)}`);
  if (typeof instructions !== 'object' || instructions === null) {
    throw invalid('Invalid value at "instructions": expected {"METHOD": ["INSTRUCTION", ...]}');
  }
  const words = new Map<string, string[]>();
  for (const [method, list] of Object.entries(instructions)) {
    if (!(method in METHODS)) throw notImplemented(`retry tests of the method ${method}`);
    if (!Array.isArray(list) || list.length > MOST_INSTRUCTIONS) {
      throw invalid(`Invalid value at "instructions.${method}": expected up to ${MOST_INSTRUCTIONS} words`);
    }
    words.set(method, list.map(String));
  }
  const left = new Map([...words].map(([method, list]) => [method, list.map(parseInstruction)]));
  return { id: randomUUID().replaceAll('-', ''), left, words };
}

const resourceOf = ({ id, words }: RetryTest): object => {
  const left = [...words].filter(([, list]) => list.length > 0);
  return { id, instructions: Object.fromEntries(left), transport: 'HTTP', completed: left.length === 0 };
};

const STATUS = '(408|429|500|503)';
const INSTRUCTIONS: readonly (readonly [form: RegExp, action: (number: number) => Action])[] = [
  [new RegExp(`^return-${STATUS}$`), (status) => status as FaultStatus],
  // These two are this cloud's own: the testbench has no word for an answer lost after the work.
  [new RegExp(`^return-${STATUS}-after-commit$`), (status) => ({ statusAfterWork: status as FaultStatus })],
  [/^return-reset-connection-after-commit$/, () => 'lose-answer'],
  [/^return-reset-connection$/, () => 'lose-request'],
  [/^return-broken-stream$/, () => ({ truncateAtBytes: FEW_BYTES })],
  [/^return-broken-stream-after-(\d{1,6})K$/, (kibibytes) => ({ truncateAtBytes: kibibytes * KIBIBYTE })],
  [
    /^stall-for-(\d{1,3})s-after-0K$/,
    (seconds) => ({ delayMs: Math.min(seconds, LONGEST_STALL_SECONDS) * 1000 }),
  ],
];

function parseInstruction(word: string): Action {
  for (const [form, action] of INSTRUCTIONS) {
    const found = form.exec(word);
    if (found !== null) return action(Number(found[1]));
  }
  throw notImplemented(`the retry test instruction ${word}`);
}
