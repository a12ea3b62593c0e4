// Prints GoogleSQL's aggregates and window functions as DuckDB's.
import { quoted, text } from '../types.ts';
import type { Scope } from './scope.ts';
import { type Body, list, nameOf, type Node, notSupported, only, open } from './syntax.ts';

type Print = (body: Body, scope: Scope, kind: string) => string;

const AGGREGATES: Readonly<Record<string, Print>> = {
  count: (body, scope, kind) => {
    only(kind, body, 'star', 'this', 'distinct');
    return body['star'] ? 'count(*)' : `count(${distinct(body)}${scope.expression(body['this'])})`;
  },
  // DuckDB's count_if over no rows is NULL in some versions; a count of marks is 0.
  count_if: (body, scope, kind) => {
    only(kind, body, 'this', 'name');
    return `count(CASE WHEN ${scope.expression(body['this'])} THEN 1 END)`;
  },
  sum: simple('sum', 'total'),
  avg: simple('avg', 'average'),
  min: simple('min'),
  max: simple('max'),
  any_value: simple('any_value'),
  logical_and: simple('bool_and'),
  logical_or: simple('bool_or'),
  array_agg: (body, scope, kind) => {
    only(kind, body, 'this', 'name', 'distinct', 'order_by', 'limit', 'ignore_nulls');
    const value = scope.expression(body['this']);
    const filter = body['ignore_nulls'] ? ` FILTER (WHERE ${value} IS NOT NULL)` : '';
    return sliced(
      `list(${distinct(body)}${value}${orderBy(body['order_by'], scope)})${filter}`,
      body['limit'],
      scope,
    );
  },
  string_agg: (body, scope, kind) => {
    only(kind, body, 'this', 'name', 'distinct', 'order_by', 'limit', 'separator');
    const value = scope.expression(body['this']);
    const separator = body['separator'] ? scope.expression(body['separator']) : text(',');
    const values = `list(${distinct(body)}${value}${orderBy(body['order_by'], scope)}) FILTER (WHERE ${value} IS NOT NULL)`;
    return `array_to_string(${sliced(values, body['limit'], scope)}, ${separator})`;
  },
};

const WINDOW_ONLY: Readonly<Record<string, readonly string[]>> = {
  row_number: [],
  rank: [],
  dense_rank: [],
  lag: ['this', 'offset', 'default'],
  lead: ['this', 'offset', 'default'],
  first_value: ['this'],
  last_value: ['this'],
};

/** Prints an aggregate, or answers undefined when `kind` is none. */
export function aggregate(kind: string, body: Body, scope: Scope): string | undefined {
  const print = Object.hasOwn(AGGREGATES, kind) ? AGGREGATES[kind] : undefined;
  if (print === undefined) return undefined;
  const printed = print(body, scope, kind);
  scope.aggregates++;
  return printed;
}

/** Prints `f(...) OVER (...)`. */
export function windowFunction(body: Body, scope: Scope, kind: string): string {
  only(kind, body, 'this', 'over');
  const [name, inner] = open(body['this']);
  const over = body['over'] as Body;
  const fields = WINDOW_ONLY[name];
  const plain = { count: true, count_if: true, sum: true, avg: true, min: true, max: true }[name];
  if (fields === undefined && !plain) throw notSupported(`${name.toUpperCase()} OVER`);
  let printed: string;
  if (fields === undefined) {
    // The typed macros cannot stand before OVER; the plain function can.
    printed =
      name === 'sum' || name === 'avg'
        ? plainCall(name, inner, scope)
        : AGGREGATES[name]!(inner, scope, name);
  } else {
    only(name, inner, 'name', ...fields);
    const given = fields.filter((field) => inner[field]).map((field) => scope.expression(inner[field]));
    if (given.length > 1) given[1] = `CAST(${given[1]} AS INTEGER)`;
    printed = `${name}(${given.join(', ')})`;
  }
  scope.aggregates++;
  return `${printed} OVER ${overClause(over, scope)}`;
}

const distinct = (body: Body) => (body['distinct'] ? 'DISTINCT ' : '');

function simple(name: string, macro?: string): Print {
  return (body, scope, kind) => {
    only(kind, body, 'this', 'name', 'distinct');
    if (macro === undefined || body['distinct']) return plainCall(name, body, scope);
    return `bq.${macro}(${scope.expression(body['this'])})`;
  };
}

function plainCall(name: string, body: Body, scope: Scope): string {
  only(name, body, 'this', 'name', 'distinct');
  return `${name}(${distinct(body)}${scope.expression(body['this'])})`;
}

function sliced(values: string, limit: unknown, scope: Scope): string {
  return limit ? `(${values})[1:${scope.expression(limit)}]` : values;
}

export function overClause(over: Body, scope: Scope): string {
  only('OVER', over, 'window_name', 'partition_by', 'order_by', 'frame');
  const partition = list(over['partition_by']).map((each) => scope.expression(each));
  const parts = [
    over['window_name'] ? quoted(nameOf(over['window_name'])) : '',
    partition.length > 0 ? `PARTITION BY ${partition.join(', ')}` : '',
    orderBy(over['order_by'], scope).trim(),
    over['frame'] ? frame(over['frame'] as Body, scope) : '',
  ];
  return `(${parts.filter(Boolean).join(' ')})`;
}

function frame(body: Body, scope: Scope): string {
  only('a window frame', body, 'kind', 'start', 'end');
  const bound = (side: unknown): string => {
    const [kind, distance] = typeof side === 'string' ? [side, undefined] : Object.entries(side as Node)[0]!;
    const named = {
      CurrentRow: 'CURRENT ROW',
      UnboundedPreceding: 'UNBOUNDED PRECEDING',
      UnboundedFollowing: 'UNBOUNDED FOLLOWING',
    }[kind];
    if (named) return named;
    if (kind !== 'Preceding' && kind !== 'Following') throw notSupported(`a window frame of ${kind}`);
    return `${scope.expression(distance)} ${kind.toUpperCase()}`;
  };
  const kind = String(body['kind']).toUpperCase();
  if (kind !== 'ROWS') throw notSupported(`a window frame of ${kind}`);
  return body['end']
    ? `ROWS BETWEEN ${bound(body['start'])} AND ${bound(body['end'])}`
    : `ROWS ${bound(body['start'])}`;
}

/** Prints ORDER BY with BigQuery's place for NULL: first when ascending, last when descending. */
export function orderBy(items: unknown, scope: Scope): string {
  const keys = list(items).map((item) => {
    only('ORDER BY', item, 'this', 'desc', 'nulls_first', 'explicit_asc');
    const nullsFirst = typeof item['nulls_first'] === 'boolean' ? item['nulls_first'] : !item['desc'];
    return `${ordinalOr(item['this'], scope)} ${item['desc'] ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
  });
  return keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`;
}

/** `ORDER BY 1` names a column by its place, which must stay a bare number. */
export function ordinalOr(node: unknown, scope: Scope): string {
  const [kind, body] = open(node);
  if (kind === 'literal' && body['literal_type'] === 'number' && /^\d+$/.test(String(body['value'])))
    return String(body['value']);
  return scope.expression(node);
}
