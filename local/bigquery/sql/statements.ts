// Turns one piece of a script into a statement that can be run: what it is, and its SQL for DuckDB.
import { duckdbType, type Field, quoted } from '../types.ts';
import { printExpression, typeName } from './expressions.ts';
import { printQuery, printSource, printTableName } from './queries.ts';
import type { Scope, TableName } from './scope.ts';
import { between, opening, type Piece } from './script.ts';
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

/** A statement ready for DuckDB. Only SELECT has rows; DML changes some. */
export type Statement =
  | { readonly kind: 'BEGIN_TRANSACTION' | 'COMMIT_TRANSACTION' | 'ROLLBACK_TRANSACTION' }
  | { readonly kind: 'ASSERT'; readonly sql: string; readonly description: string | undefined }
  | { readonly kind: 'SELECT'; readonly sql: string }
  | { readonly kind: 'DELETE' | 'UPDATE' | 'MERGE'; readonly sql: string; readonly target: TableName }
  | { readonly kind: 'TRUNCATE_TABLE'; readonly sql: string; readonly target: TableName }
  | {
      readonly kind: 'INSERT';
      readonly sql: string;
      readonly target: TableName;
      /** What gives the rows, and whether they are written out as VALUES. */
      readonly source: string;
      readonly isWritten: boolean;
      readonly into: readonly Field[];
    }
  | {
      readonly kind: 'CREATE_TABLE';
      readonly target: TableName;
      readonly fields: readonly Field[];
      readonly mode: CreateMode;
    }
  | {
      readonly kind: 'CREATE_TABLE_AS_SELECT';
      readonly target: TableName;
      readonly sql: string;
      readonly mode: CreateMode;
    }
  | { readonly kind: 'DROP_TABLE'; readonly target: TableName; readonly ifExists: boolean };

export type CreateMode = 'create' | 'replace' | 'if-not-exists';

/** Reads a piece and prints it. Throws 400 `invalidQuery` for what does not parse, or is not known. */
export function printStatement(piece: Piece, scope: Scope): Statement {
  const control = transactionControl(piece);
  if (control !== undefined) return { kind: control };
  if (opening(piece, 1) === 'ASSERT') return printAssert(piece, scope);
  const [kind, body] = open(parseStatement(withInto(piece)));
  const print = STATEMENTS[kind];
  if (print !== undefined) return print(body, scope);
  if (['select', 'union', 'except', 'intersect', 'subquery'].includes(kind))
    return { kind: 'SELECT', sql: printQuery({ [kind]: body }, scope) };
  throw notSupported(kind.replaceAll('_', ' ').toUpperCase());
}

const CONTROLS: readonly [RegExp, 'BEGIN_TRANSACTION' | 'COMMIT_TRANSACTION' | 'ROLLBACK_TRANSACTION'][] = [
  [/^BEGIN( TRANSACTION)?$/, 'BEGIN_TRANSACTION'],
  [/^COMMIT( TRANSACTION)?$/, 'COMMIT_TRANSACTION'],
  [/^ROLLBACK( TRANSACTION)?$/, 'ROLLBACK_TRANSACTION'],
];

function transactionControl(piece: Piece) {
  const words = opening(piece, piece.tokens.length);
  return CONTROLS.find(([pattern]) => pattern.test(words))?.[1];
}

/** `ASSERT condition AS 'description'`, which the parser does not know. */
function printAssert(piece: Piece, scope: Scope): Statement {
  const [as, last] = piece.tokens.slice(-2);
  const described = as?.text.toUpperCase() === 'AS' && last?.kind === 'string';
  const condition = between(piece, 1, piece.tokens.length - (described ? 2 : 0));
  const [, body] = open(parseStatement(`SELECT (${condition})`));
  const [, literal] = described
    ? open(list(open(parseStatement(`SELECT ${last.text}`))[1]['expressions'])[0])
    : [];
  return {
    kind: 'ASSERT',
    sql: `SELECT (${printExpression(list(body['expressions'])[0], scope)}) IS TRUE`,
    description: literal === undefined ? undefined : String([literal['value']].flat()[0]),
  };
}

/** BigQuery lets INTO be left out; the parser does not. */
function withInto(piece: Piece): string {
  const isInsert = opening(piece, 1) === 'INSERT' && piece.tokens[1]?.text.toUpperCase() !== 'INTO';
  return isInsert ? `INSERT INTO ${between(piece, 1)}` : piece.sql;
}

const STATEMENTS: Readonly<Record<string, (body: Body, scope: Scope) => Statement>> = {
  insert: printInsert,
  update: printUpdate,
  delete: (body, scope) => {
    only('DELETE', body, 'table', 'alias', 'where_clause');
    const target = printTableName(body['table'] as Body, scope, 'write');
    const alias = body['alias'] ? nameOf(body['alias']) : target.tableId;
    return {
      kind: 'DELETE',
      target,
      sql: `DELETE FROM ${target.sql} AS ${quoted(alias)} WHERE ${where('DELETE', body, scope)}`,
    };
  },
  truncate: (body, scope) => {
    only('TRUNCATE', body, 'target', 'table');
    const target = printTableName(body['table'] as Body, scope, 'write');
    return { kind: 'TRUNCATE_TABLE', target, sql: `DELETE FROM ${target.sql}` };
  },
  merge: printMerge,
  create_table: printCreate,
  drop_table: (body, scope) => {
    only('DROP TABLE', body, 'names', 'if_exists');
    const [name, ...more] = list(body['names']);
    if (name === undefined || more.length > 0) throw notSupported('DROP TABLE of several tables');
    const target = tableName(name, scope);
    if (!body['if_exists']) scope.tables.find(target, 'delete');
    return { kind: 'DROP_TABLE', target, ifExists: body['if_exists'] === true };
  },
};

const tableName = (body: Body, scope: Scope): TableName => {
  only('a table', body, 'name', 'schema', 'catalog');
  return scope.tables.name(
    [body['catalog'], body['schema'], body['name']].filter(Boolean).map(nameOf).join('.').split('.'),
  );
};

function where(statement: string, body: Body, scope: Scope): string {
  const clause = body['where_clause'] as Body | null;
  if (!clause) throw invalidQuery(`${statement} must have a WHERE clause`);
  return printExpression(clause['this'], scope);
}

function printInsert(body: Body, scope: Scope): Statement {
  only('INSERT', body, 'table', 'columns', 'values', 'query', 'with');
  if (body['with']) throw notSupported('INSERT with WITH before it');
  const target = printTableName(body['table'] as Body, scope, 'write');
  const names = list(body['columns']).map(nameOf);
  const into = names.length === 0 ? target.fields : names.map((name) => fieldNamed(target.fields, name));
  const rows = (body['values'] as unknown[][] | null) ?? [];
  const isWritten = !body['query'];
  const source = isWritten
    ? `VALUES ${rows.map((row) => `(${row.map((each) => printExpression(each, scope)).join(', ')})`).join(', ')}`
    : printQuery(body['query'], scope);
  const columns = into.map((field) => quoted(field.name)).join(', ');
  return {
    kind: 'INSERT',
    target,
    into,
    sql: `INSERT INTO ${target.sql} (${columns}) ${source}`,
    source,
    isWritten,
  };
}

function fieldNamed(fields: readonly Field[], name: string): Field {
  const found = fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
  if (found === undefined && fields.length > 0) throw invalidQuery(`Column ${name} is not present in table`);
  return found ?? { name, type: 'STRING' };
}

function printUpdate(body: Body, scope: Scope): Statement {
  only('UPDATE', body, 'table', 'set', 'where_clause');
  const target = printTableName(body['table'] as Body, scope, 'write');
  const alias = (body['table'] as Body)['alias'];
  const sets = (body['set'] as [Body, Node][]).map(
    ([column, value]) => `${quoted(nameOf(column))} = ${printExpression(value, scope)}`,
  );
  return {
    kind: 'UPDATE',
    target,
    sql: `UPDATE ${target.sql} AS ${quoted(alias ? nameOf(alias) : target.tableId)} SET ${sets.join(', ')} WHERE ${where('UPDATE', body, scope)}`,
  };
}

function printMerge(body: Body, scope: Scope): Statement {
  only('MERGE', body, 'this', 'using', 'on', 'whens');
  const [kind, inner] = open(body['this']);
  const table = (kind === 'alias' ? open(inner['this'])[1] : inner) as Body;
  const alias = kind === 'alias' ? inner['alias'] : table['alias'];
  const target = printTableName({ ...table, alias: null }, scope, 'write');
  const whens = list(open(body['whens'])[1]['expressions']).map((each) => printWhen(open(each)[1], scope));
  return {
    kind: 'MERGE',
    target,
    sql: `MERGE INTO ${target.sql} AS ${quoted(alias ? nameOf(alias) : target.tableId)} USING ${printSource(body['using'], scope)} ON ${printExpression(body['on'], scope)} ${whens.join(' ')}`,
  };
}

function printWhen(when: Body, scope: Scope): string {
  only('WHEN', when, 'matched', 'source', 'condition', 'then');
  const truth = (node: unknown) => Boolean(node) && open(node)[1]['value'] === true;
  const matched = truth(when['matched'])
    ? 'MATCHED'
    : truth(when['source'])
      ? 'NOT MATCHED BY SOURCE'
      : 'NOT MATCHED';
  const condition = when['condition'] ? ` AND ${printExpression(when['condition'], scope)}` : '';
  return `WHEN ${matched}${condition} THEN ${printAction(when['then'], scope)}`;
}

function printAction(node: unknown, scope: Scope): string {
  const [kind, body] = open(node);
  const [verb, first, second] = kind === 'tuple' ? list(body['expressions']) : [node as Node];
  const name = String(open(verb)[1]['this']).toUpperCase();
  if (name === 'DELETE') return 'DELETE';
  const items = (part: unknown) => list(open(part)[1]['expressions']);
  if (name === 'UPDATE' && first) {
    const sets = items(first).map((each) => open(each)[1]);
    return `UPDATE SET ${sets.map((set) => `${quoted(columnName(set['left']))} = ${printExpression(set['right'], scope)}`).join(', ')}`;
  }
  if (name === 'INSERT' && first && second)
    return `INSERT (${items(first)
      .map((each) => quoted(columnName(each)))
      .join(', ')}) VALUES (${items(second)
      .map((each) => printExpression(each, scope))
      .join(', ')})`;
  throw notSupported(`MERGE with ${name} in this form`);
}

const columnName = (node: unknown): string => {
  const [kind, body] = open(node);
  return kind === 'identifier' ? nameOf(body) : nameOf(body['name']);
};

function printCreate(body: Body, scope: Scope): Statement {
  only('CREATE TABLE', body, 'name', 'columns', 'as_select', 'or_replace', 'if_not_exists');
  const target = tableName(body['name'] as Body, scope);
  const mode: CreateMode = body['or_replace']
    ? 'replace'
    : body['if_not_exists']
      ? 'if-not-exists'
      : 'create';
  const columns = list(body['columns']);
  if (body['as_select']) {
    if (columns.length > 0) throw notSupported('CREATE TABLE with columns and AS SELECT');
    return { kind: 'CREATE_TABLE_AS_SELECT', target, mode, sql: printQuery(body['as_select'], scope) };
  }
  const fields = columns.map((column): Field => {
    only('a column', column, 'name', 'data_type', 'nullable', 'constraints');
    if (list(column['constraints']).length > 0) only('a column', { constraints: column['constraints'] });
    const type = typeName(column['data_type']);
    duckdbType(type);
    return {
      name: nameOf(column['name']),
      type,
      mode: column['nullable'] === false ? 'REQUIRED' : 'NULLABLE',
    };
  });
  return { kind: 'CREATE_TABLE', target, mode, fields };
}
