// The port to recorded traces: the spans of one trace, as they were sent.

export interface RecordedSpan {
  readonly id: string;
  /** Undefined of a root; the span of that id may be missing. */
  readonly parentId: string | undefined;
  readonly name: string;
  /** The function or the job that sent it; empty where that is not kept. */
  readonly component: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** Why it failed; undefined: it did not, or that is not kept. */
  readonly failure: string | undefined;
}

export interface RecordedTraces {
  /** None where the trace is unknown, not sent yet, or not kept any more. */
  spansOf(traceId: string): Promise<readonly RecordedSpan[]>;
}
