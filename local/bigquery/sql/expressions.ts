// Prints GoogleSQL expressions as DuckDB's. A closed list: what is not here is refused by name.
import { canonicalType, duckdbType, quoted, text } from '../types.ts';
import { aggregate, windowFunction } from './aggregates.ts';
import { functionCall } from './functions.ts';
import { printQuery } from './queries.ts';
import type { Scope } from './scope.ts';
import { type Body, invalidQuery, isText, list, nameOf, notSupported, only, open } from './syntax.ts';

type Print = (body: Body, scope: Scope, kind: string) => string;

/** Prints one expression. Throws 400 `invalidQuery` naming what is not known. */
export function printExpression(node: unknown, scope: Scope): string {
  const [kind, body] = open(node);
  const print = EXPRESSIONS[kind];
  if (print !== undefined) return print(body, scope, kind);
  return aggregate(kind, body, scope) ?? functionCall(kind, body, scope) ?? unknown(kind);
}

const unknown = (kind: string): never => {
  throw notSupported(kind.replaceAll('_', ' ').toUpperCase());
};

// Names that DuckDB would answer by itself where BigQuery knows no such column.
const DUCKDB_ONLY =
  /^(rowid|user|session_user|current_user|current_role|current_catalog|current_schema|localtime|localtimestamp|current_time)$/i;

const pair = (body: Body, scope: Scope) => [
  printExpression(body['left'], scope),
  printExpression(body['right'], scope),
];

const infix =
  (sign: string): Print =>
  (body, scope, kind) => {
    only(kind, body, 'left', 'right');
    return `(${pair(body, scope).join(` ${sign} `)})`;
  };

const typed =
  (name: string): Print =>
  (body, scope, kind) => {
    only(kind, body, 'left', 'right');
    return scope.call(name, () => pair(body, scope));
  };

const comparison =
  (name: string, sign: string): Print =>
  (body, scope, kind) => {
    only(kind, body, 'left', 'right');
    // Tuples are compared part by part, of which DuckDB knows the types itself.
    if ([body['left'], body['right']].some((side) => open(side)[0] === 'tuple'))
      return infix(sign)(body, scope, kind);
    const texts = [body['left'], body['right']].filter(isText).length;
    return scope.call(texts === 1 ? `${name}_text` : name, () => pair(body, scope));
  };

const EXPRESSIONS: Readonly<Record<string, Print>> = {
  literal: printLiteral,
  null: () => 'NULL',
  boolean: (body) => (body['value'] === true ? 'TRUE' : 'FALSE'),
  column: printColumn,
  parameter: printSystemVariable,
  paren: (body, scope) => `(${printExpression(body['this'], scope)})`,
  annotated: (body, scope) => printExpression(body['this'], scope),
  and: infix('AND'),
  or: infix('OR'),
  not: (body, scope, kind) => {
    only(kind, body, 'this');
    return `(NOT ${printExpression(body['this'], scope)})`;
  },
  neg: (body, scope) => scope.call('negate', () => [printExpression(body['this'], scope)]),
  eq: comparison('eq', '='),
  neq: comparison('neq', '<>'),
  lt: comparison('lt', '<'),
  lte: comparison('lte', '<='),
  gt: comparison('gt', '>'),
  gte: comparison('gte', '>='),
  null_safe_eq: infix('IS NOT DISTINCT FROM'),
  null_safe_neq: infix('IS DISTINCT FROM'),
  add: typed('add'),
  sub: typed('subtract'),
  mul: typed('multiply'),
  div: typed('divide'),
  concat: typed('concat'),
  like: (body, scope, kind) => {
    only(kind, body, 'left', 'right');
    const [value, pattern] = pair(body, scope);
    return String.raw`(${value} LIKE ${pattern} ESCAPE '\')`;
  },
  is_null: (body, scope, kind) => {
    only(kind, body, 'this', 'not');
    return `(${printExpression(body['this'], scope)} IS ${body['not'] ? 'NOT ' : ''}NULL)`;
  },
  is_true: printIs('TRUE'),
  is_false: printIs('FALSE'),
  between: (body, scope, kind) => {
    only(kind, body, 'this', 'low', 'high', 'not');
    const bound = (name: string, side: unknown) =>
      scope.call(isText(side) && !isText(body['this']) ? `${name}_text` : name, () => [
        printExpression(body['this'], scope),
        printExpression(side, scope),
      ]);
    return `(${body['not'] ? 'NOT ' : ''}(${bound('gte', body['low'])} AND ${bound('lte', body['high'])}))`;
  },
  in: printIn,
  exists: (body, scope, kind) => {
    only(kind, body, 'this', 'not');
    return `(${body['not'] ? 'NOT ' : ''}EXISTS (${scope.inner(() => printQuery(body['this'], scope))}))`;
  },
  subquery: (body, scope, kind) => {
    only(kind, body, 'this');
    return `(${scope.inner(() => printQuery(body['this'], scope))})`;
  },
  tuple: (body, scope) =>
    `(${list(body['expressions'])
      .map((each) => printExpression(each, scope))
      .join(', ')})`,
  array_func: (body, scope, kind) => {
    only(kind, body, 'expressions');
    return `[${list(body['expressions'])
      .map((each) => printExpression(each, scope))
      .join(', ')}]`;
  },
  case: printCase,
  if_func: (body, scope, kind) => {
    only(kind, body, 'condition', 'true_value', 'false_value');
    const [condition, yes, no] = ['condition', 'true_value', 'false_value'].map((part) =>
      printExpression(body[part], scope),
    );
    return `(CASE WHEN ${condition} THEN ${yes} ELSE ${no} END)`;
  },
  coalesce: (body, scope, kind) => {
    only(kind, body, 'expressions');
    return `COALESCE(${list(body['expressions'])
      .map((each) => printExpression(each, scope))
      .join(', ')})`;
  },
  cast: printCast('to'),
  safe_cast: printCast('try'),
  window_function: windowFunction,
  dot: (body, scope, kind) => {
    only(kind, body, 'this', 'field');
    return `(${printExpression(body['this'], scope)}).${quoted(nameOf(body['field']))}`;
  },
};

function printIs(truth: string): Print {
  return (body, scope, kind) => {
    only(kind, body, 'this', 'not');
    return `(${printExpression(body['this'], scope)} IS ${body['not'] ? 'NOT ' : ''}${truth})`;
  };
}

function printLiteral(body: Body): string {
  const [type, value] = [String(body['literal_type']), body['value']];
  if (type === 'number') return printNumber(String(value));
  if (type === 'string' || type === 'raw_string') return text(String(value));
  if (type === 'triple_quoted_string') return text((value as string[])[0]!);
  if (type === 'date') return `bq.to_date(${text(String(value))})`;
  if (type === 'timestamp') return `bq.to_timestamp(${text(String(value))})`;
  throw notSupported(`the literal ${type.replaceAll('_', ' ')}`);
}

/** A whole number is an INT64, another a FLOAT64; DuckDB would make 32 bits and a decimal of them. */
function printNumber(value: string): string {
  if (/^\d+$/.test(value)) {
    if (BigInt(value) > 2n ** 63n - 1n) throw invalidQuery(`Invalid integer literal: ${value}`);
    return `CAST(${value} AS BIGINT)`;
  }
  if (/^[\d.eE+-]+$/.test(value)) return `CAST('${value}' AS DOUBLE)`;
  throw notSupported(`the number ${value}`);
}

function printColumn(body: Body, scope: Scope): string {
  only('a column', body, 'name', 'table');
  const { name, quoted: isQuoted } = body['name'] as { name: string; quoted?: boolean };
  if (name.startsWith('@') && !isQuoted) return printParameter(name.slice(1), scope);
  if (DUCKDB_ONLY.test(name)) throw invalidQuery(`Unrecognized name: ${name}`);
  scope.columns.add(name.toLowerCase());
  const table = body['table'];
  return table ? `${quoted(nameOf(table))}.${quoted(name)}` : quoted(name);
}

/** `@@row_count`: how many rows the statement before this one changed, NULL when it was none that changes rows. */
function printSystemVariable({ name, style }: Body, scope: Scope): string {
  if (style !== 'DoubleAt' || String(name).toLowerCase() !== 'row_count')
    throw notSupported(`@@${String(name)}`);
  return `CAST(${scope.rowCount ?? 'NULL'} AS BIGINT)`;
}

/** Parameters are bound, never pasted: the value travels beside the statement. */
function printParameter(name: string, scope: Scope): string {
  const parameter = scope.parameters.get(name.toLowerCase());
  if (parameter === undefined) throw invalidQuery(`Query parameter '${name}' not found`);
  const bind = (key: string, value: string | null, type: string) => {
    scope.bound.set(key, value);
    // The strict casts are used: DuckDB's own would take '1.6' for the whole number 2.
    const macro = MACRO_OF_TYPE[canonicalType(type)];
    return macro === undefined || macro === 'string'
      ? `CAST($${key} AS ${duckdbType(type)})`
      : `bq.to_${macro}(CAST($${key} AS VARCHAR))`;
  };
  const key = `p_${[...scope.parameters.keys()].indexOf(name.toLowerCase())}`;
  if (!Array.isArray(parameter.value)) return bind(key, parameter.value as string | null, parameter.type);
  const items = parameter.value as readonly (string | null)[];
  const type = parameter.elementType!;
  return `CAST([${items.map((item, index) => bind(`${key}_${index}`, item, type)).join(', ')}] AS ${duckdbType(type)}[])`;
}

function printIn(body: Body, scope: Scope, kind: string): string {
  only(kind, body, 'this', 'expressions', 'query', 'unnest', 'not');
  const value = printExpression(body['this'], scope);
  const not = body['not'] ? 'NOT ' : '';
  if (body['unnest'])
    return `(${not}(${value} IN (SELECT unnest(${printExpression(body['unnest'], scope)}))))`;
  if (body['query']) return `(${value} ${not}IN (${scope.inner(() => printQuery(body['query'], scope))}))`;
  const items = list(body['expressions']);
  const tuples = open(body['this'])[0] === 'tuple';
  const equals = items.map((item) =>
    tuples
      ? `${value} = ${printExpression(item, scope)}`
      : scope.call(isText(item) && !isText(body['this']) ? 'eq_text' : 'eq', () => [
          printExpression(body['this'], scope),
          printExpression(item, scope),
        ]),
  );
  return `(${not}(${equals.join(' OR ')}))`;
}

function printCase(body: Body, scope: Scope, kind: string): string {
  only(kind, body, 'operand', 'whens', 'else_');
  const whens = (body['whens'] as [unknown, unknown][]).map(([when, then]) => {
    const condition = body['operand']
      ? scope.call(isText(when) && !isText(body['operand']) ? 'eq_text' : 'eq', () => [
          printExpression(body['operand'], scope),
          printExpression(when, scope),
        ])
      : printExpression(when, scope);
    return `WHEN ${condition} THEN ${printExpression(then, scope)}`;
  });
  return `(CASE ${whens.join(' ')}${body['else_'] ? ` ELSE ${printExpression(body['else_'], scope)}` : ''} END)`;
}

const MACRO_OF_TYPE: Readonly<Record<string, string>> = {
  STRING: 'string',
  INTEGER: 'int64',
  FLOAT: 'float64',
  NUMERIC: 'numeric',
  BOOLEAN: 'bool',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
};

function printCast(strictness: 'to' | 'try'): Print {
  return (body, scope, kind) => {
    only(kind, body, 'this', 'to');
    const macro = MACRO_OF_TYPE[typeName(body['to'])];
    if (macro === undefined) throw notSupported(`a cast to ${typeName(body['to'])}`);
    return scope.call(`${strictness}_${macro}`, () => [printExpression(body['this'], scope)]);
  };
}

/** The canonical BigQuery name of a parsed data type. */
export function typeName(dataType: unknown): string {
  const { data_type: kind, name, ...rest } = dataType as { data_type: string; name?: string };
  only(`the type ${kind}`, rest as Body, 'timezone', 'precision_only');
  const spelled = {
    int: 'INT64',
    big_int: 'INT64',
    double: 'FLOAT64',
    float: 'FLOAT64',
    decimal: 'NUMERIC',
    custom: name,
  };
  return canonicalType(spelled[kind as keyof typeof spelled] ?? kind);
}
