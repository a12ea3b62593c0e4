// What the handler of a route receives: a call whose token, body and query were checked.
import type { TokenCaller } from '../access/caller.ts';
import type { Answer, StreamedAnswer, WholeCall } from '../http/call.ts';
import type { RouteId } from './routes.ts';

export interface Asked {
  readonly params: Readonly<Record<string, string>>;
  /** By the schemas of the route; each handler knows its own. */
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: WholeCall['headers'];
  readonly distinct: WholeCall['distinct'];
  readonly traceId: string;
}

export interface AskedBy extends Asked {
  readonly caller: TokenCaller;
}

export type Given = Answer | StreamedAnswer | Promise<Answer | StreamedAnswer>;
/** `open` answers without a token. */
export type Handler =
  | { readonly kind: 'open'; readonly answer: (asked: Asked) => Given }
  | { readonly kind: 'called'; readonly answer: (asked: AskedBy) => Given };

export const open = (answer: (asked: Asked) => Given): Handler => ({ kind: 'open', answer });
export const called = (answer: (asked: AskedBy) => Given): Handler => ({ kind: 'called', answer });

export type Handlers = Readonly<Partial<Record<RouteId, Handler>>>;
