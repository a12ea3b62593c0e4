// The verdict of a gate on an output, before it is published.

/**
 * `none`: the pipeline has no gate, or there is too little to compare with; `detail` explains it. Otherwise `detail` holds
 * the numbers, and the number of days behind them.
 */
export type Verdict =
  | { readonly kind: 'none'; readonly detail: string | null }
  | { readonly kind: 'passed' | 'failed'; readonly detail: string };
