// The figures of docs/COST.md, as `npm run cost` writes them for the console.

export type MonthOf = 'idle' | 'daily' | 'many';
export type RequestCase = 'none' | 'daily' | 'hour' | 'month';

/** Dollars; `charged` after the free amounts of a month, `whole` before. */
interface Amounts {
  readonly charged: number;
  readonly whole: number;
}

export interface Figures {
  /** When the list prices were read. */
  readonly readOn: string;
  readonly measuredOn: string;
  readonly months: readonly (Amounts & {
    readonly id: MonthOf;
    readonly pipelines: number;
    /** Of each pipeline. */
    readonly changes: number;
    /** The largest first. */
    readonly byService: readonly { readonly service: string; readonly dollars: number }[];
  })[];
  /** One run of the measured pipeline. */
  readonly run: {
    readonly seconds: number;
    readonly billedSeconds: number;
    readonly vcpu: number;
    readonly gib: number;
    readonly jobDollars: number;
    readonly functionSeconds: number;
    readonly functionDollars: number;
  };
  readonly requests: readonly (Amounts & { readonly id: RequestCase })[];
  /** A visible tab of this console for a month, nothing counted as free. */
  readonly tab: { readonly hours: number; readonly days: number; readonly whole: number };
  readonly prices: readonly {
    readonly unit: string;
    readonly dollars: number;
    readonly free: number;
    readonly source: string;
    /** From another source than Google's page. */
    readonly isCited: boolean;
    /** In no sum: whether it is charged is uncertain. */
    readonly isLeftOut: boolean;
    readonly amounts: Readonly<Record<MonthOf, number>>;
  }[];
}

/** Read where it is shown: no start of the console needs it. */
export async function readFigures(): Promise<Figures> {
  const { default: figures } = await import('../data/figures.json', { with: { type: 'json' } });
  return figures as Figures;
}
