// The variables of a function that no right implies: what infra sets them to, and what they accept.
import { API_AUDIENCE } from '../api/audience.ts';
import { z } from 'zod';
import { count, email, matching, text } from '../config.ts';

/** Where infra takes the value from. */
export type ValueFrom =
  /** The address of another function's identity. */
  | { readonly kind: 'account'; readonly function: string }
  /** The stack's setting of the variable's name: `sluice:overdueSeconds` for `OVERDUE_SECONDS`. */
  | { readonly kind: 'setting'; readonly fallback: string }
  /** Of the function that people use; `none` in a stack that does not deploy it. */
  | { readonly kind: 'people'; readonly value: 'account' | 'audience' | 'operators' | 'readers' };

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

/** Texts with commas between them that a stack may set. */
const listSetting = (item: RegExp, accepted: string, fallback: string) => ({
  from: { kind: 'setting', fallback } as const,
  form: z
    .string()
    .transform((list) => list.split(',').filter((each) => each !== ''))
    .refine((list) => list.every((each) => item.test(each)), `expected ${accepted}`),
});

const AUDIENCE = /^[\w.:/~-]{1,200}$/;
const ORIGIN = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/;
const PROJECT_OR_NONE = /^([a-z][a-z0-9-]{4,28}[a-z0-9])?$/;

/** What the functions of the requests API take from the stack. */
export const apiVariables = () => ({
  /** What a Google token must be for: the API's own name, and ids of OAuth clients. */
  API_AUDIENCES: listSetting(AUDIENCE, 'audiences with commas between them', API_AUDIENCE),
  /** The pages that may call from a browser. */
  CORS_ORIGINS: listSetting(ORIGIN, 'origins such as https://example.org with commas between them', ''),
  /** The project whose users of Identity Platform may call. */
  IDENTITY_PLATFORM_PROJECT: {
    from: { kind: 'setting', fallback: '' } as const,
    form: z.string().regex(PROJECT_OR_NONE, 'expected the id of a project, or nothing'),
  },
});

export const NONE = 'none';
const AUDIENCE_OF_SERVICE =
  /^(none|\/projects\/\d{1,20}\/locations\/[a-z0-9-]{1,40}\/services\/[a-z0-9-]{1,63})$/;
const PERSON = '[^\\s,@]+@[^\\s,@]+';
const PEOPLE = new RegExp(`^(none|${PERSON}(,${PERSON})*)$`);
const ACCOUNT = new RegExp(`^(none|${PERSON})$`);

/** What the console, and a function that it calls, know of it. */
export const consoleVariables = () => ({
  /** Whom an assertion of Identity-Aware Proxy must be for. */
  CONSOLE_AUDIENCE: {
    from: { kind: 'people', value: 'audience' } as const,
    form: matching(AUDIENCE_OF_SERVICE, '/projects/<number>/locations/<region>/services/<name>, or none'),
  },
  /** Who may send commands with it. */
  CONSOLE_OPERATORS: {
    from: { kind: 'people', value: 'operators' } as const,
    form: matching(PEOPLE, 'addresses with commas between them, or none').transform((list) =>
      list === NONE ? [] : list.toLowerCase().split(','),
    ),
  },
});

const MEMBER = '(user|group|serviceAccount|domain):[^\\s,:]+';
const MEMBERS = new RegExp(`^(none|${MEMBER}(,${MEMBER})*)$`);

/** Who may read with the console, beside its operators: to show who may do what. */
export const consoleReaders = () => ({
  CONSOLE_READERS: {
    from: { kind: 'people', value: 'readers' } as const,
    form: matching(MEMBERS, 'members such as group:analysts@example.org, or none').transform((list) =>
      list === NONE ? [] : list.split(','),
    ),
  },
});

/** The account that passes on the commands of people; `none` where there is no console. */
export const consoleAccount = () => ({
  CONSOLE_ACCOUNT: {
    from: { kind: 'people', value: 'account' } as const,
    form: matching(ACCOUNT, 'an email address, or none'),
  },
});
