// Reads what OpenTelemetry's exporters send: the OTLP protocol in its JSON form, as far as spans go.
import { invalid } from '../http/errors.ts';
import type { Exception, Span, Value } from './span.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Sent {
  /** The project of these traces, from the resource of the spans. */
  readonly projectId: string;
  readonly spans: readonly Span[];
}

/** The spans of a request, by project. Throws `ApiError` 400, naming the place, for what is no span. */
export function readSpans(body: unknown): readonly Sent[] {
  return list(body, 'resourceSpans').map((resourceSpans, index) => {
    const resource = attributesOf(record(resourceSpans['resource'] ?? {}, 'resource'), 'resource');
    const projectId = resource['gcp.project_id'];
    if (typeof projectId !== 'string' || projectId === '') {
      throw invalid(`resourceSpans[${index}].resource has no attribute gcp.project_id.`);
    }
    const component = String(resource['service.name'] ?? 'unknown_service');
    const spans = list(resourceSpans, 'scopeSpans').flatMap((scope) =>
      list(scope, 'spans').map((span) => spanOf(span, component)),
    );
    return { projectId, spans };
  });
}

function spanOf(span: Json, component: string): Span {
  const name = span['name'];
  if (typeof name !== 'string' || name === '') throw invalid('A span has no name.');
  const { code, message } = record(span['status'] ?? {}, 'status');
  const parent = span['parentSpanId'] ?? '';
  return {
    traceId: hex(span, 'traceId', 32),
    spanId: hex(span, 'spanId', 16),
    ...(parent === '' ? {} : { parentSpanId: hex(span, 'parentSpanId', 16) }),
    name,
    component,
    startMs: milliseconds(span, 'startTimeUnixNano'),
    endMs: milliseconds(span, 'endTimeUnixNano'),
    attributes: attributesOf(span, `span ${name}`),
    ...(code === STATUS_ERROR ? { failure: String(message ?? '') } : {}),
    exceptions: list(span, 'events').filter(isException).map(exceptionOf),
    links: list(span, 'links').map((link) => ({
      traceId: hex(link, 'traceId', 32),
      spanId: hex(link, 'spanId', 16),
    })),
  };
}

const STATUS_ERROR = 2;

const isException = ({ name }: Json): boolean => name === 'exception';

function exceptionOf(event: Json): Exception {
  const text = attributesOf(event, 'exception');
  const [type, message, stack] = ['type', 'message', 'stacktrace'].map((key) =>
    String(text[`exception.${key}`] ?? ''),
  );
  return { type: type ?? '', message: message ?? '', stack: stack ?? '' };
}

function attributesOf(owner: Json, where: string): Readonly<Record<string, Value>> {
  const read = list(owner, 'attributes').map(({ key, value }): [string, Value] => {
    if (typeof key !== 'string') throw invalid(`An attribute of ${where} has no key.`);
    return [key, valueOf(record(value, `${where}.${key}`), `${where}.${key}`)];
  });
  return Object.fromEntries(read);
}

function valueOf(value: Json, where: string): Value {
  const { stringValue, boolValue, intValue, doubleValue, ...other } = value;
  if (typeof stringValue === 'string') return stringValue;
  if (typeof boolValue === 'boolean') return boolValue;
  // A whole number has 64 bits, and comes as text where a JSON number could not hold it.
  if (intValue !== undefined) return Number(intValue);
  if (typeof doubleValue === 'number') return doubleValue;
  throw invalid(`${where} has a value of the form ${Object.keys(other).join(', ')}, which is not known.`);
}

function list(owner: unknown, key: string): readonly Json[] {
  const value = record(owner, 'the request')[key] ?? [];
  if (!Array.isArray(value)) throw invalid(`${key} is no list.`);
  return value.map((item, index) => record(item, `${key}[${index}]`));
}

function record(value: unknown, where: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw invalid(`${where} is no object.`);
}

function hex(owner: Json, key: string, digits: number): string {
  const value = owner[key];
  const form = new RegExp(`^[0-9a-f]{${digits}}$`, 'i');
  if (typeof value === 'string' && form.test(value) && !/^0+$/.test(value)) return value.toLowerCase();
  throw invalid(`${key} is ${JSON.stringify(value)}; expected ${digits} hex digits that are not all zero.`);
}

const NANOSECONDS_IN_MS = 1_000_000n;

function milliseconds(owner: Json, key: string): number {
  const value = owner[key];
  if (!/^\d{1,20}$/.test(String(value)))
    throw invalid(`${key} is ${JSON.stringify(value)}; expected nanoseconds.`);
  const nanoseconds = BigInt(String(value));
  return Number(nanoseconds / NANOSECONDS_IN_MS) + Number(nanoseconds % NANOSECONDS_IN_MS) / 1e6;
}
