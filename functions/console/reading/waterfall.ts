// The waterfall of a trace: its spans as rows of a tree, each with its part of the whole time.
import type { RecordedSpan } from '../../../shared/tracing/recorded.ts';

export interface WaterfallRow {
  readonly name: string;
  readonly component: string;
  /** How many spans it is part of. */
  readonly depth: number;
  /** Since the beginning of the trace. */
  readonly afterMs: number;
  readonly tookMs: number;
  /** Of the whole, from 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly failure: string | null;
  readonly details: readonly string[];
}

const OWN = 'sluice.';
/** They stand in the address, or in a column of their own. */
const LEFT_OUT = ['sluice.pipeline', 'sluice.run', 'sluice.reason'];
const DEEPEST = 40;

/** Parents before their parts, each by its beginning. A span whose parent was not sent is a root. */
export function waterfallOf(spans: readonly RecordedSpan[]): readonly WaterfallRow[] {
  // Google may keep a span that was sent twice.
  const known = new Map(spans.map((span) => [span.id, span]));
  const all = [...known.values()].toSorted(
    (one, other) => one.startMs - other.startMs || other.endMs - one.endMs,
  );
  const firstMs = all[0]?.startMs ?? 0;
  const lastMs = all.reduce((last, { endMs }) => Math.max(last, endMs), firstMs);
  const wholeMs = Math.max(1, lastMs - firstMs);
  const parentOf = ({ parentId }: RecordedSpan) =>
    parentId !== undefined && known.has(parentId) ? parentId : undefined;
  const below = Map.groupBy(all, parentOf);
  const rows: WaterfallRow[] = [];
  const add = (span: RecordedSpan, depth: number): void => {
    const afterMs = span.startMs - firstMs;
    rows.push({
      ...{ name: span.name, component: span.component, depth, afterMs, tookMs: span.endMs - span.startMs },
      ...{ from: afterMs / wholeMs, to: (span.endMs - firstMs) / wholeMs },
      ...{ failure: span.failure ?? null, details: detailsOf(span) },
    });
    // Spans that name each other as parents have no root; those that are too deep are left out.
    if (depth < DEEPEST) for (const part of below.get(span.id) ?? []) add(part, depth + 1);
  };
  for (const root of below.get(undefined) ?? []) add(root, 0);
  return rows;
}

const detailsOf = ({ attributes }: RecordedSpan): readonly string[] =>
  Object.entries(attributes)
    .filter(([key]) => key.startsWith(OWN) && !LEFT_OUT.includes(key))
    .map(([key, value]) => `${key.slice(OWN.length)} ${value}`);
