// What a gate says of an output before it is published.

/**
 * `none`: the pipeline has no gate, or too little to compare with, which `detail` says. Otherwise `detail` has
 * the numbers, and on how many days they rest.
 */
export type Verdict =
  | { readonly kind: 'none'; readonly detail: string | null }
  | { readonly kind: 'passed' | 'failed'; readonly detail: string };
