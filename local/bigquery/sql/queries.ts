// Prints GoogleSQL queries (SELECT, set operations, WITH, joins) as DuckDB's.
import { quoted } from '../types.ts';
import { orderBy, ordinalOr, overClause } from './aggregates.ts';
import type { Access, Scope } from './scope.ts';
import {
  type Body,
  invalidQuery,
  list,
  nameOf,
  type Node,
  notSupported,
  only,
  open,
  parseStatement,
} from './syntax.ts';

const DEEPEST_VIEW = 16;

/** Prints a query of any form. */
export function printQuery(node: unknown, scope: Scope): string {
  const [kind, body] = open(node);
  if (kind === 'select') return printSelect(body, scope);
  if (kind === 'union' || kind === 'except' || kind === 'intersect')
    return printSetOperation(kind, body, scope);
  if (kind === 'subquery') {
    only(kind, body, 'this', 'order_by', 'limit', 'offset');
    return `(${printQuery(body['this'], scope)})${tail(body, scope)}`;
  }
  throw notSupported(`a query made of ${kind.replaceAll('_', ' ').toUpperCase()}`);
}

function printSelect(body: Body, scope: Scope): string {
  only(
    'SELECT',
    body,
    'expressions',
    'from',
    'joins',
    'where_clause',
    'group_by',
    'having',
    'qualify',
    'order_by',
    'limit',
    'offset',
    'distinct',
    'with',
    'windows',
  );
  const withClause = printWith(body['with'], scope);
  const from = printFrom(body, scope);
  const condition = (keyword: string, clause: unknown) =>
    clause ? ` ${keyword} ${scope.expression((clause as Body)['this'])}` : '';
  return [
    withClause,
    `SELECT ${body['distinct'] ? 'DISTINCT ' : ''}`,
    printColumns(list(body['expressions']), scope),
    from,
    condition('WHERE', body['where_clause']),
    printGroupBy(body['group_by'] as Body | null, scope),
    condition('HAVING', body['having']),
    printWindows(body['windows'], scope),
    condition('QUALIFY', body['qualify']),
    tail(body, scope),
  ].join('');
}

function printSetOperation(kind: string, body: Body, scope: Scope): string {
  only(kind.toUpperCase(), body, 'left', 'right', 'all', 'distinct', 'order_by', 'limit', 'offset', 'with');
  if (!body['all'] && !body['distinct'])
    throw invalidQuery(`Syntax error: Expected keyword ALL or keyword DISTINCT`);
  const withClause = printWith(body['with'], scope);
  const side = (node: unknown) => `(${printQuery(node, scope)})`;
  return `${withClause}${side(body['left'])} ${kind.toUpperCase()}${body['all'] ? ' ALL' : ''} ${side(body['right'])}${tail(body, scope)}`;
}

function printWith(node: unknown, scope: Scope): string {
  if (!node) return '';
  only('WITH', node as Body, 'ctes');
  const printed = list((node as Body)['ctes']).map((each) => {
    only('a common table', each, 'alias', 'this');
    const one = `${quoted(nameOf(each['alias']))} AS (${scope.inner(() => printQuery(each['this'], scope))})`;
    scope.commonTables = [...scope.commonTables, nameOf(each['alias']).toLowerCase()];
    return one;
  });
  return `WITH ${printed.join(', ')} `;
}

/** A column without a name is called as BigQuery calls it: `f0_`, `f1_`. */
function printColumns(columns: readonly Node[], scope: Scope): string {
  let nameless = 0;
  return columns
    .map((column) => {
      const [kind, body] = open(column);
      if (kind === 'star') return printStar(body, scope);
      if (kind === 'alias') {
        only('AS', body, 'this', 'alias');
        return `${scope.expression(body['this'])} AS ${quoted(nameOf(body['alias']))}`;
      }
      const isParameter = kind === 'column' && nameOf(body['name']).startsWith('@');
      if ((kind === 'column' && !isParameter) || kind === 'dot') return scope.expression(column);
      return `${scope.expression(column)} AS "f${nameless++}_"`;
    })
    .join(', ');
}

function printStar(body: Body, scope: Scope): string {
  only('*', body, 'table', 'except', 'replace');
  scope.columns.add('*');
  const table = body['table'] ? `${quoted(nameOf(body['table']))}.` : '';
  const except = list(body['except']).map((each) => quoted(nameOf(each)));
  const replace = list(body['replace']).map(
    (each) => `${scope.expression(each['this'])} AS ${quoted(nameOf(each['alias']))}`,
  );
  return `${table}*${except.length > 0 ? ` EXCLUDE (${except.join(', ')})` : ''}${replace.length > 0 ? ` REPLACE (${replace.join(', ')})` : ''}`;
}

function printFrom(body: Body, scope: Scope): string {
  if (!body['from']) return '';
  only('FROM', body['from'] as Body, 'expressions');
  const first = list((body['from'] as Body)['expressions']).map((each) => printSource(each, scope));
  return ` FROM ${first.join(', ')}${list(body['joins'])
    .map((join) => printJoin(join, scope))
    .join('')}`;
}

const JOINS: Readonly<Record<string, string>> = {
  Inner: 'INNER JOIN',
  Left: 'LEFT JOIN',
  Right: 'RIGHT JOIN',
  Full: 'FULL JOIN',
  Cross: 'CROSS JOIN',
  Implicit: 'CROSS JOIN',
};

function printJoin(join: Body, scope: Scope): string {
  only('JOIN', join, 'this', 'on', 'using', 'kind');
  const kind = JOINS[String(join['kind'])];
  if (kind === undefined) throw notSupported(`${String(join['kind']).toUpperCase()} JOIN`);
  const on = join['on'] ? ` ON ${scope.expression(join['on'])}` : '';
  const using = list(join['using']).map((each) => quoted(nameOf(each)));
  for (const each of list(join['using'])) scope.columns.add(nameOf(each).toLowerCase());
  if (kind !== 'CROSS JOIN' && !on && using.length === 0)
    throw invalidQuery('Syntax error: Expected keyword ON or keyword USING');
  return ` ${kind} ${printSource(join['this'], scope)}${on}${using.length > 0 ? ` USING (${using.join(', ')})` : ''}`;
}

/** Prints what stands in FROM: a table, a view (as its query), a subquery or an array. */
export function printSource(node: unknown, scope: Scope): string {
  const [kind, body] = open(node);
  if (kind === 'table') return printTable(body, scope);
  if (kind === 'alias') return printSource(withAlias(body), scope);
  if (kind === 'subquery') {
    only('a subquery in FROM', body, 'this', 'alias');
    if (!body['alias'] && beginsWithSubquery(body['this'])) {
      throw notSupported(
        'UNION, EXCEPT or INTERSECT after a subquery in FROM that has no alias; give it one',
      );
    }
    const alias = body['alias'] ? ` AS ${quoted(nameOf(body['alias']))}` : '';
    return `(${scope.inner(() => printQuery(body['this'], scope))})${alias}`;
  }
  if (kind === 'unnest') {
    only('UNNEST', body, 'this', 'alias');
    const name = body['alias'] ? quoted(nameOf(body['alias'])) : undefined;
    return `unnest(${scope.expression(body['this'])})${name ? ` AS ${name}(${name})` : ''}`;
  }
  throw notSupported(`FROM ${kind.replaceAll('_', ' ').toUpperCase()}`);
}

// The parser takes what follows `FROM (SELECT 1)` for a part of FROM, and so `FROM (a) UNION ALL b` reads the
// same as `FROM ((a) UNION ALL b)`. With an alias after the subquery there is no such doubt.
function beginsWithSubquery(query: unknown): boolean {
  const [kind, body] = open(query);
  if (kind !== 'union' && kind !== 'except' && kind !== 'intersect') return false;
  return open(body['left'])[0] === 'subquery' || beginsWithSubquery(body['left']);
}

/** `alias { this: table }` is how the parser writes some aliases; the alias is moved inside. */
function withAlias(body: Body): Node {
  only('AS', body, 'this', 'alias');
  const [kind, inner] = open(body['this']);
  return { [kind]: { ...inner, alias: body['alias'] } };
}

function printTable(body: Body, scope: Scope): string {
  only('a table', body, 'name', 'schema', 'catalog', 'alias');
  const parts = [body['catalog'], body['schema'], body['name']].filter(Boolean).map(nameOf);
  const [only_] = parts;
  if (parts.length === 1 && scope.commonTables.includes(only_!.toLowerCase()))
    return body['alias'] ? `${quoted(only_!)} AS ${quoted(nameOf(body['alias']))}` : quoted(only_!);
  const { sql, tableId } = printTableName(body, scope, 'read');
  return `${sql} AS ${quoted(body['alias'] ? nameOf(body['alias']) : tableId)}`;
}

/** Prints a table of the catalog by its DuckDB name; a view is printed as its query, and cannot be written. */
export function printTableName(body: Body, scope: Scope, access: Access) {
  const parts = [body['catalog'], body['schema'], body['name']]
    .filter(Boolean)
    .map(nameOf)
    .join('.')
    .split('.');
  const name = scope.tables.name(parts);
  const found = scope.tables.find(name, access);
  const shown = `${name.projectId}.${name.datasetId}.${name.tableId}`;
  if (found.viewQuery === undefined)
    return {
      ...name,
      sql: `${quoted(schemaOf(name.datasetId))}.${quoted(name.tableId)}`,
      fields: found.fields,
    };
  if (access !== 'read')
    throw invalidQuery(`${shown} is not allowed for this operation because it is currently a VIEW.`);
  if (++scope.viewDepth > DEEPEST_VIEW)
    throw invalidQuery(`Resources exceeded: too many nested views at ${shown}`);
  const sql = scope.inner(() => {
    scope.commonTables = [];
    return printQuery(parseStatement(found.viewQuery!), scope);
  });
  scope.viewDepth--;
  return { ...name, sql: `(${sql})`, fields: found.fields };
}

/** The DuckDB schema that holds a dataset. The prefix keeps it apart from DuckDB's own names. */
export const schemaOf = (datasetId: string): string => `ds_${datasetId}`;

function printGroupBy(body: Body | null, scope: Scope): string {
  if (!body) return '';
  only('GROUP BY', body, 'expressions');
  return ` GROUP BY ${list(body['expressions'])
    .map((each) => ordinalOr(each, scope))
    .join(', ')}`;
}

function printWindows(windows: unknown, scope: Scope): string {
  const printed = list(windows).map(
    (each) => `${quoted(nameOf(each['name']))} AS ${overClause(each['spec'] as Body, scope)}`,
  );
  return printed.length === 0 ? '' : ` WINDOW ${printed.join(', ')}`;
}

function tail(body: Body, scope: Scope): string {
  const order = body['order_by'] ? orderBy((body['order_by'] as Body)['expressions'], scope) : '';
  // A SELECT wraps its bounds in a node; a set operation holds them bare.
  const bound = (node: unknown) => scope.expression('this' in (node as Body) ? (node as Body)['this'] : node);
  const limit = body['limit'] ? ` LIMIT ${bound(body['limit'])}` : '';
  const offset = body['offset'] ? ` OFFSET ${bound(body['offset'])}` : '';
  return `${order}${limit}${offset}`;
}
