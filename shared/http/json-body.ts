// Reads the body of a request as JSON: what it holds, or what is wrong with it before anything is read from it.
import type { Body } from './call.ts';
import { shown } from './shown.ts';

export type ReadBody =
  | { readonly kind: 'read'; readonly value: unknown }
  | {
      readonly kind: 'wrong';
      readonly why: 'too-long' | 'encoded' | 'absent' | 'not-json-type' | 'not-json';
      readonly detail: string;
      readonly headers: Readonly<Record<string, string>>;
    };

const JSON_TYPE = /^application\/([\w.-]+\+)?json *(;|$)/i;

/** `example` shows a caller who sends nothing what is expected. */
export function readJsonBody(body: Body, mostBytes: number, example: string): ReadBody {
  const wrong = wrongBody(body, mostBytes, example);
  if (wrong !== undefined) return wrong;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body.bytes);
    return { kind: 'read', value: JSON.parse(text) as unknown };
  } catch (error) {
    return wrongly('not-json', `The body is not JSON: ${(error as Error).message}.`);
  }
}

type Wrong = Extract<ReadBody, { kind: 'wrong' }>;

const wrongly = (why: Wrong['why'], detail: string, headers: Wrong['headers'] = {}): Wrong => ({
  kind: 'wrong',
  why,
  detail,
  headers,
});

function wrongBody(
  { bytes, contentType, encoding, tooLong }: Body,
  mostBytes: number,
  example: string,
): Wrong | undefined {
  if (tooLong)
    return wrongly('too-long', `The body is too long; expected at most ${mostBytes} bytes.`, {
      connection: 'close',
    });
  if (encoding !== undefined)
    return wrongly('encoded', `The body is encoded as ${shown(encoding)}; expected it as it is.`, {
      'accept-encoding': 'identity',
    });
  if (bytes.length === 0) return wrongly('absent', `There is no body; expected ${example}.`);
  if (JSON_TYPE.test(contentType ?? '')) return undefined;
  const found = contentType === undefined ? 'no content type' : `the content type ${shown(contentType)}`;
  return wrongly('not-json-type', `The body has ${found}; expected application/json.`, {
    accept: 'application/json',
  });
}
