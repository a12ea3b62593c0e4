// Reads the publication script: a handful of statement forms, and a clear error for any other.

export type Condition = { readonly column: string; readonly operator: string; readonly parameter: string };

export type Statement =
  | { readonly kind: 'begin' }
  | { readonly kind: 'commit' }
  | {
      readonly kind: 'assert-none';
      readonly table: string;
      readonly where: readonly Condition[];
      readonly message: string;
    }
  | { readonly kind: 'assert-newest'; readonly table: string; readonly message: string }
  | { readonly kind: 'assert-one'; readonly table: string; readonly message: string }
  | { readonly kind: 'delete'; readonly table: string }
  | { readonly kind: 'update'; readonly table: string; readonly column: string; readonly parameter: string }
  | { readonly kind: 'copy'; readonly table: string; readonly from: string }
  | {
      readonly kind: 'insert';
      readonly table: string;
      readonly cells: readonly { readonly column: string; readonly value: string }[];
    };

const NAME = '`([^`]+)`';
const ASSERT = new RegExp(`^ASSERT NOT EXISTS\\(SELECT 1 FROM ${NAME} WHERE (.+)\\) AS '([^']+)'$`);
const ASSERT_ONE = new RegExp(`^ASSERT \\(SELECT COUNT\\(\\*\\) FROM ${NAME}\\) = 1 AS '([^']+)'$`);
const ASSERT_NEWEST = new RegExp(
  `^ASSERT IFNULL\\(\\(SELECT publication_id FROM ${NAME} WHERE pipeline = @pipeline ORDER BY ordinal DESC LIMIT 1\\), ''\\) = @expectedLatest AS '([^']+)'$`,
);
const UPDATE = new RegExp(`^UPDATE ${NAME} SET (\\w+) = @(\\w+) WHERE TRUE$`);
const VALUES = new RegExp(`^INSERT INTO ${NAME} \\((\\w+)\\) VALUES \\(''\\)$`);
const DELETE = new RegExp(`^DELETE FROM ${NAME} WHERE TRUE$`);
const COPY = new RegExp(`^INSERT INTO ${NAME} \\(([^)]+)\\) SELECT ([^()]+) FROM ${NAME}$`);
// The entry of the ledger: an aggregate over its own rows, so that there is one row whatever it holds.
const INSERT = new RegExp(
  `^INSERT INTO ${NAME} \\(([^)]+)\\) SELECT (.+) FROM ${NAME} WHERE pipeline = @pipeline$`,
);
const OUTSIDE_PARENTHESES = /, (?![^(]*\))/;
const CONDITION = /^(\w+) (=|>|>=|<|<=) @(\w+)$/;

/** Throws on a statement of any other form: what is not understood must not be passed over. */
export const parseScript = (sql: string): Statement[] =>
  sql
    .split(/;\s*(?:\n|$)/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parseStatement);

function parseStatement(text: string): Statement {
  if (text === 'BEGIN TRANSACTION') return { kind: 'begin' };
  if (text === 'COMMIT TRANSACTION') return { kind: 'commit' };
  const [, asserted, conditions, message] = ASSERT.exec(text) ?? [];
  if (asserted !== undefined && conditions !== undefined && message !== undefined) {
    const where = conditions.split(' AND ').map(parseCondition);
    return { kind: 'assert-none', table: asserted, where, message };
  }
  const [, counted, wrong] = ASSERT_ONE.exec(text) ?? [];
  if (counted !== undefined && wrong !== undefined)
    return { kind: 'assert-one', table: counted, message: wrong };
  const [, followed, moved] = ASSERT_NEWEST.exec(text) ?? [];
  if (followed !== undefined && moved !== undefined)
    return { kind: 'assert-newest', table: followed, message: moved };
  const [, updated, column, parameter] = UPDATE.exec(text) ?? [];
  if (updated !== undefined && column !== undefined && parameter !== undefined)
    return { kind: 'update', table: updated, column, parameter };
  const [, given, only] = VALUES.exec(text) ?? [];
  if (given !== undefined && only !== undefined)
    return { kind: 'insert', table: given, cells: [{ column: only, value: "''" }] };
  const [, deleted] = DELETE.exec(text) ?? [];
  if (deleted !== undefined) return { kind: 'delete', table: deleted };
  const [, into, , , from] = COPY.exec(text) ?? [];
  if (into !== undefined && from !== undefined) return { kind: 'copy', table: into, from };
  const [, table, columns, values] = INSERT.exec(text) ?? [];
  if (table !== undefined && columns !== undefined && values !== undefined) {
    const selected = values.split(OUTSIDE_PARENTHESES);
    const cells = columns.split(', ').map((column, index) => ({ column, value: selected[index] ?? '' }));
    return { kind: 'insert', table, cells };
  }
  throw new Error(`test/simulation/script.ts does not know this statement, teach it: ${text}`);
}

function parseCondition(text: string): Condition {
  const [, column, operator, parameter] = CONDITION.exec(text.trim()) ?? [];
  if (column === undefined || operator === undefined || parameter === undefined) {
    throw new Error(`test/simulation/script.ts does not know this condition, teach it: ${text}`);
  }
  return { column, operator, parameter };
}

type Cell = string | number | boolean | null | undefined;

export function holds(operator: string, left: Cell, right: Cell): boolean {
  if (operator === '=') return left === right;
  const difference = Number(left) - Number(right);
  if (operator === '>') return difference > 0;
  if (operator === '>=') return difference >= 0;
  return operator === '<' ? difference < 0 : difference <= 0;
}
