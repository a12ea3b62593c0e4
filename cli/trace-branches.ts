// Lays the spans of a trace out as a tree; a crowd of the same becomes one branch.
import type { Span } from '../local/trace/span.ts';

export interface Branch {
  readonly span: Span;
  /** How many spans it stands for. */
  readonly count: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly branches: readonly Branch[];
}

const MOST_ALIKE = 6;

/**
 * The roots, by their beginnings. A span whose parent was not sent is a root as well: the run is in progress,
 * or the process of the parent was killed.
 */
export function branchesOf(spans: readonly Span[]): readonly Branch[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== undefined && ids.has(parentSpanId) ? parentSpanId : undefined,
  );
  const branches = (parent: string | undefined): readonly Branch[] =>
    together(
      (below.get(parent) ?? [])
        .toSorted((one, other) => one.startMs - other.startMs)
        .map((span) => ({
          span,
          count: 1,
          startMs: span.startMs,
          endMs: span.endMs,
          branches: branches(span.spanId),
        })),
    );
  return branches(undefined);
}

/** More than a few siblings of one name, none of which failed or has anything below it, are one branch. */
function together(siblings: readonly Branch[]): readonly Branch[] {
  const plain = ({ span, branches }: Branch) => span.failure === undefined && branches.length === 0;
  const alike = Map.groupBy(siblings.filter(plain), ({ span }) => span.name);
  return siblings.flatMap((branch) => {
    const crowd = alike.get(branch.span.name) ?? [];
    if (crowd.length <= MOST_ALIKE || !plain(branch)) return [branch];
    if (branch !== crowd[0]) return [];
    const endMs = Math.max(...crowd.map((one) => one.endMs));
    return [{ ...branch, count: crowd.length, endMs }];
  });
}
