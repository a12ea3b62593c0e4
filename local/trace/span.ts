// A span as the local cloud keeps it.

export type Value = string | number | boolean;

export interface Exception {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

export interface Span {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** The resource's `service.name`. */
  readonly component: string;
  /** Since 1970, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, Value>>;
  /** Set when its status is an error: the message. */
  readonly failure?: string;
  readonly exceptions: readonly Exception[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}
