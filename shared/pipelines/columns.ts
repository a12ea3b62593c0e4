// The columns of a pipeline's output: their type in the warehouse, and the values that they accept.

export type ColumnType = 'STRING' | 'DATE' | 'FLOAT' | 'INTEGER';

export interface Column {
  readonly type: ColumnType;
  readonly required: boolean;
  readonly min: number | undefined;
}

/** A column under construction: `int().atLeast(0)`, `float().nullable()`. Values are required unless it is nullable. */
export interface ColumnBuilder extends Column {
  nullable(): ColumnBuilder;
}

export interface NumberColumnBuilder extends ColumnBuilder {
  /** Values below `min` fail the publication's checks. */
  atLeast(min: number): NumberColumnBuilder;
  nullable(): NumberColumnBuilder;
}

export const string = (): ColumnBuilder => plain({ type: 'STRING', required: true, min: undefined });
export const date = (): ColumnBuilder => plain({ type: 'DATE', required: true, min: undefined });
export const float = (): NumberColumnBuilder => numeric({ type: 'FLOAT', required: true, min: undefined });
export const int = (): NumberColumnBuilder => numeric({ type: 'INTEGER', required: true, min: undefined });

function plain(column: Column): ColumnBuilder {
  return { ...column, nullable: () => plain({ ...column, required: false }) };
}

function numeric(column: Column): NumberColumnBuilder {
  return {
    ...column,
    nullable: () => numeric({ ...column, required: false }),
    atLeast: (min) => numeric({ ...column, min }),
  };
}
