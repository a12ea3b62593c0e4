// The forms of the console as a program sends them: read with their fields, filled, and sent as a browser would.
import assert from 'node:assert/strict';
import { OWNER, type RunningConsole } from './start-console.ts';

/** A console, whatever mesh stands behind it. */
export type AnyConsole = Pick<RunningConsole, 'addressOf' | 'get'>;

export interface Form {
  readonly id: string;
  readonly seen: string;
  readonly fields: readonly (readonly [string, string])[];
}

export interface Sending {
  readonly email?: string;
  /** In place of those of the console's own page. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A form as its page shows it, as JSON. */
export async function formAt(opened: AnyConsole, path: string, email = OWNER): Promise<Form> {
  const [plain = '', query = ''] = path.split('?');
  const answer = await opened.get(`${plain}.json?${query}`, {}, email);
  assert.equal(answer.status, 200, await answer.clone().text());
  return { fields: [], ...((await answer.json()) as Partial<Form>) } as Form;
}

/** Sends a form with these fields beside its own. */
export async function send(
  opened: AnyConsole,
  path: string,
  { id, seen, fields }: Form,
  more: Readonly<Record<string, string>>,
  { email = OWNER, headers }: Sending = {},
): Promise<Response> {
  const address = await opened.addressOf(email);
  const own = { origin: address, 'sec-fetch-site': 'same-origin' };
  return fetch(address + (path.split('?')[0] ?? ''), {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(headers ?? own) },
    body: new URLSearchParams([
      ...Object.entries({ id, seen }),
      ...fields.map(([name, value]): [string, string] => [name, value]),
      ...Object.entries(more),
    ]).toString(),
  });
}

export async function entryAt(opened: AnyConsole, location: string | null) {
  const answer = await opened.get(`${location}.json`);
  assert.equal(answer.status, 200, String(location));
  return (
    (await answer.json()) as {
      entry: {
        by: string;
        through?: string;
        ended?: { result: string; code: string | null; message: string };
      };
    }
  ).entry;
}
