// The variables of a function that no right implies: what infra sets them to, and what they accept.
import { count, email, text } from '../config.ts';

/** Where infra takes the value from. */
export type ValueFrom =
  /** The address of another function's identity. */
  | { readonly kind: 'account'; readonly function: string }
  /** The stack's setting of the variable's name: `sluice:overdueSeconds` for `OVERDUE_SECONDS`. */
  | { readonly kind: 'setting'; readonly fallback: string };

export interface Variable<Form = unknown> {
  readonly from: ValueFrom;
  /** What the function and the stack's file accept. */
  readonly form: Form;
}

export const accountOf = (functionName: string): Variable<ReturnType<typeof email>> => ({
  from: { kind: 'account', function: functionName },
  form: email(),
});

/** A whole number that a stack may set. */
export const countSetting = (fallback: number): Variable<ReturnType<typeof count>> => ({
  from: { kind: 'setting', fallback: String(fallback) },
  form: count(),
});

/** A text that a stack may set. */
export const textSetting = (accepted: string, fallback: string): Variable<ReturnType<typeof text>> => ({
  from: { kind: 'setting', fallback },
  form: text(accepted),
});
