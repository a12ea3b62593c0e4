// The scalar functions of GoogleSQL that are proven to answer as BigQuery does. Any other name is refused.
import { text } from '../types.ts';
import type { Scope } from './scope.ts';
import {
  type Body,
  invalidQuery,
  isText,
  list,
  nameOf,
  type Node,
  notSupported,
  only,
  open,
} from './syntax.ts';

type Print = (args: readonly Node[], scope: Scope) => string;

/** Nodes that the parser makes of well-known functions: the name, and where the arguments are. */
const NAMED_NODES: Readonly<Record<string, readonly [name: string, ...fields: string[]]>> = {
  abs: ['ABS', 'this'],
  round: ['ROUND', 'this', 'decimals'],
  floor: ['FLOOR', 'this'],
  ceil: ['CEIL', 'this'],
  lower: ['LOWER', 'this'],
  upper: ['UPPER', 'this'],
  length: ['LENGTH', 'this'],
  trim: ['TRIM', 'this'],
  substring: ['SUBSTR', 'this', 'start', 'length'],
  starts_with: ['STARTS_WITH', 'this', 'expression'],
  ends_with: ['ENDS_WITH', 'this', 'expression'],
  safe_divide: ['SAFE_DIVIDE', 'this', 'expression'],
  mod_func: ['MOD', 'this', 'expression'],
  array_length: ['ARRAY_LENGTH', 'this'],
  timestamp: ['TIMESTAMP', 'this'],
};

const macro =
  (name: string, least: number, most = least): Print =>
  (args, scope) => {
    if (args.length < least || args.length > most)
      throw invalidQuery(`No matching signature for function ${name.toUpperCase()}`);
    return scope.call(name, () => args.map((each) => scope.expression(each)));
  };

const DATE_PARTS: Readonly<Record<string, string>> = {
  DAY: 'day',
  MONTH: 'month',
  QUARTER: 'quarter',
  YEAR: 'year',
  ISOWEEK: 'week',
};
const TIME_PARTS: Readonly<Record<string, string>> = {
  DAY: 'day',
  HOUR: 'hour',
  MINUTE: 'minute',
  SECOND: 'second',
  MILLISECOND: 'millisecond',
  MICROSECOND: 'microsecond',
};
const DATE_STEPS: Readonly<Record<string, string>> = {
  DAY: 'to_days',
  WEEK: 'to_weeks',
  MONTH: 'to_months',
  YEAR: 'to_years',
};
const TIME_STEPS: Readonly<Record<string, string>> = {
  DAY: 'to_days',
  HOUR: 'to_hours',
  MINUTE: 'to_minutes',
  SECOND: 'to_seconds',
  MILLISECOND: 'to_milliseconds',
  MICROSECOND: 'to_microseconds',
};

const FUNCTIONS: Readonly<Record<string, Print>> = {
  ABS: macro('abs', 1),
  ROUND: macro('round', 1, 2),
  FLOOR: macro('floor', 1),
  CEIL: macro('ceil', 1),
  LOWER: macro('lower', 1),
  UPPER: macro('upper', 1),
  LENGTH: macro('length', 1),
  TRIM: macro('trim', 1),
  SUBSTR: macro('substr', 2, 3),
  STARTS_WITH: macro('starts_with', 2),
  ENDS_WITH: macro('ends_with', 2),
  SAFE_DIVIDE: macro('safe_divide', 2),
  MOD: macro('mod', 2),
  DIV: macro('div', 2),
  REPLACE: macro('replace', 3),
  REGEXP_CONTAINS: macro('contains_match', 2),
  IS_NAN: macro('is_nan', 1),
  IS_INF: macro('is_inf', 1),
  TIMESTAMP: macro('to_timestamp', 1),
  CONCAT: (args, scope) => {
    const printed = args.map((each) => scope.expression(each));
    return printed.reduce((left, right) => `bq.concat(${left}, ${right})`);
  },
  IFNULL: (args, scope) => `COALESCE(${some(args, 2, scope).join(', ')})`,
  NULLIF: (args, scope) => `NULLIF(${some(args, 2, scope).join(', ')})`,
  GREATEST: extreme('greatest'),
  LEAST: extreme('least'),
  ARRAY_LENGTH: (args, scope) => `len(${some(args, 1, scope).join('')})`,
  DATE: (args, scope) =>
    args.length === 3
      ? `make_date(${some(args, 3, scope).join(', ')})`
      : scope.call('to_date', () => some(args, 1, scope)),
  CURRENT_TIMESTAMP: (args, scope) => `make_timestamptz(${none(args) ?? scope.nowMs * 1000})`,
  CURRENT_DATE: (args, scope) =>
    `DATE ${none(args) ?? text(new Date(scope.nowMs).toISOString().slice(0, 10))}`,
  DATE_DIFF: (args, scope) => {
    const [later, earlier] = [dateOf(args[0], scope), dateOf(args[1], scope)];
    return `date_diff('${part(args[2], DATE_PARTS, 'DATE_DIFF')}', ${earlier}, ${later})`;
  },
  DATE_ADD: (args, scope) => moved(args, '+', 'date', scope),
  DATE_SUB: (args, scope) => moved(args, '-', 'date', scope),
  TIMESTAMP_ADD: (args, scope) => moved(args, '+', 'timestamp', scope),
  TIMESTAMP_SUB: (args, scope) => moved(args, '-', 'timestamp', scope),
  // Whole intervals that fit in between, not borders that were crossed.
  TIMESTAMP_DIFF: (args, scope) => {
    const [later, earlier] = [timestampOf(args[0], scope), timestampOf(args[1], scope)];
    return `date_sub('${part(args[2], TIME_PARTS, 'TIMESTAMP_DIFF')}', ${earlier}, ${later})`;
  },
  DATE_TRUNC: (args, scope) =>
    `CAST(date_trunc('${part(args[1], DATE_PARTS, 'DATE_TRUNC')}', ${dateOf(args[0], scope)}) AS DATE)`,
  FORMAT_DATE: (args, scope) => `strftime(${dateOf(args[1], scope)}, ${format(args[0])})`,
  PARSE_DATE: (args, scope) =>
    `CAST(strptime(${some(args.slice(1), 1, scope).join('')}, ${format(args[0])}) AS DATE)`,
  GENERATE_DATE_ARRAY: (args, scope) => {
    const [from, until] = [dateOf(args[0], scope), dateOf(args[1], scope)];
    const step = args[2] ? interval(args[2], DATE_STEPS, scope) : 'to_days(1)';
    return `CAST(generate_series(CAST(${from} AS TIMESTAMP), CAST(${until} AS TIMESTAMP), ${step}) AS DATE[])`;
  },
  GENERATE_ARRAY: (args, scope) =>
    `generate_series(${args.map((each) => `bq.as_int64(${scope.expression(each)})`).join(', ')})`,
  STRUCT: (args, scope) =>
    `struct_pack(${args.map((each, index) => structPart(each, index, scope)).join(', ')})`,
};

const EXTRACTS: Readonly<Record<string, (value: string) => string>> = {
  ...Object.fromEntries(
    ['year', 'month', 'day', 'quarter', 'hour', 'minute', 'second', 'isoyear'].map((name) => [
      name,
      (value: string) => `extract('${name}' FROM ${value})`,
    ]),
  ),
  dayofyear: (value) => `extract('doy' FROM ${value})`,
  isoweek: (value) => `extract('week' FROM ${value})`,
  // DuckDB counts the days of a week from 0, BigQuery from 1; both begin on Sunday.
  dayofweek: (value) => `(extract('dow' FROM ${value}) + 1)`,
};

/** Prints a function call, or answers undefined when `kind` is not one. Throws 400 for a name outside the list. */
export function functionCall(kind: string, body: Body, scope: Scope): string | undefined {
  if (kind === 'extract') return extract(body, scope);
  if (kind === 'last_day') {
    only(kind, body, 'this');
    return `last_day(${dateOf(body['this'], scope)})`;
  }
  const node = NAMED_NODES[kind];
  if (node !== undefined) {
    const [name, ...fields] = node;
    // The parser marks the usual TRIM as BOTH, and TIMESTAMP as one with a zone.
    const marks =
      kind === 'trim' && body['position'] === 'Both' ? ['position'] : kind === 'timestamp' ? ['with_tz'] : [];
    only(name, body, ...fields, ...marks);
    return FUNCTIONS[name]!(
      fields.filter((field) => body[field]).map((field) => body[field] as Node),
      scope,
    );
  }
  if (kind !== 'function') return undefined;
  const name = String(body['name']).toUpperCase();
  if (!Object.hasOwn(FUNCTIONS, name)) throw notSupported(name);
  only(name, body, 'name', 'args');
  return FUNCTIONS[name]!(list(body['args']), scope);
}

function some(args: readonly Node[], count: number, scope: Scope): string[] {
  if (args.length !== count)
    throw invalidQuery(`Syntax error: Expected ${count} arguments, got ${args.length}`);
  return args.map((each) => scope.expression(each));
}

function none(args: readonly Node[]): undefined {
  if (args.length > 0) throw notSupported('a time zone argument');
}

/** One NULL among the arguments makes the answer NULL; DuckDB would pass over it. */
function extreme(name: string): Print {
  return (args, scope) => {
    const printed = args.map((each) => scope.expression(each));
    return `(CASE WHEN ${printed.map((each) => `${each} IS NULL`).join(' OR ')} THEN NULL ELSE ${name}(${printed.join(', ')}) END)`;
  };
}

/** A text that is written out may stand for a date; a column of texts may not. */
const dateOf = (node: unknown, scope: Scope) => ofType('date', node, scope);
const timestampOf = (node: unknown, scope: Scope) => ofType('timestamp', node, scope);

function ofType(type: 'date' | 'timestamp', node: unknown, scope: Scope): string {
  if (node === undefined) throw invalidQuery(`Syntax error: Expected a ${type}`);
  return `bq.${isText(node) ? 'to' : 'as'}_${type}(${scope.expression(node)})`;
}

function part(node: unknown, known: Readonly<Record<string, string>>, where: string): string {
  const [kind, body] = node === undefined ? ['', {}] : open(node);
  const name = String(
    kind === 'var' ? body['this'] : kind === 'column' ? nameOf(body['name']) : kind,
  ).toUpperCase();
  const found = known[name];
  if (found === undefined) throw notSupported(`${where} by ${name}`);
  return found;
}

function interval(node: unknown, steps: Readonly<Record<string, string>>, scope: Scope): string {
  const [kind, body] = open(node);
  if (kind !== 'interval') throw notSupported(`an interval made of ${kind}`);
  only('INTERVAL', body, 'this', 'unit');
  const unit = String((body['unit'] as { unit?: string } | null)?.unit).toUpperCase();
  const step = steps[unit];
  if (step === undefined) throw notSupported(`INTERVAL in ${unit}`);
  const [amountKind, amount] = open(body['this']);
  const literal = amountKind === 'literal' && /^-?\d{1,9}$/.test(String(amount['value']));
  return `${step}(CAST(${literal ? String(amount['value']) : `bq.as_int64(${scope.expression(body['this'])})`} AS INTEGER))`;
}

function moved(args: readonly Node[], sign: string, type: 'date' | 'timestamp', scope: Scope): string {
  const value = (type === 'date' ? dateOf : timestampOf)(args[0], scope);
  const step = interval(args[1], type === 'date' ? DATE_STEPS : TIME_STEPS, scope);
  const result = `(${value} ${sign} ${step})`;
  return type === 'date' ? `CAST(${result} AS DATE)` : result;
}

/** A format of dates, written out, of the parts that mean the same on both sides. */
function format(node: unknown): string {
  const [kind, body] = node === undefined ? ['', {} as Body] : open(node);
  if (kind !== 'literal') throw notSupported('a date format that is not written out');
  const written = String(body['value']).replaceAll('%F', '%Y-%m-%d');
  const strange = written.match(/%[^Ymdj%]/)?.[0];
  if (strange) throw notSupported(`the format ${strange}`);
  return text(written);
}

function extract(body: Body, scope: Scope): string {
  only('EXTRACT', body, 'this', 'field');
  const field = body['field'];
  const name = String(typeof field === 'string' ? field : Object.values(field as Node)[0]).toLowerCase();
  if (name === 'date') return scope.call('to_date', () => [scope.expression(body['this'])]);
  const print = EXTRACTS[name];
  if (print === undefined) throw notSupported(`EXTRACT of ${name.toUpperCase()}`);
  return print(scope.expression(body['this']));
}

function structPart(node: Node, index: number, scope: Scope): string {
  const [kind, body] = open(node);
  const name =
    kind === 'alias'
      ? nameOf(body['alias'])
      : kind === 'column'
        ? nameOf(body['name'])
        : `_field_${index + 1}`;
  return `"${name.replaceAll('"', '""')}" := ${scope.expression(kind === 'alias' ? body['this'] : node)}`;
}
