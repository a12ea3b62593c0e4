// The caller of the API, as a verified token names it, and whether a list of the stack names it.
import type { Requesters } from '../pipelines/requesters.ts';

export interface TokenCaller {
  readonly issuer: string;
  /** Never changes, unlike an address. */
  readonly subject: string;
  /** Null unless the issuer verified it. */
  readonly email: string | null;
  /** The Google Workspace domain that manages the account. */
  readonly domain: string | null;
  /** The tenant of Identity Platform that the user signed in to. */
  readonly tenant: string | null;
}

/** A domain is the token's own claim: an address at the domain is not enough. */
export const isListed = (caller: TokenCaller, listed: readonly Requesters[]): boolean =>
  listed.some((each) => {
    switch (each.kind) {
      case 'address':
        return caller.email?.toLowerCase() === each.address;
      case 'domain':
        return caller.domain?.toLowerCase() === each.domain;
      case 'tenant':
        return caller.tenant === each.tenant;
    }
  });

/** How records name the caller. */
export const shownCaller = ({
  email,
  issuer,
  subject,
}: Pick<TokenCaller, 'email' | 'issuer' | 'subject'>): string => email ?? `${subject} of ${issuer}`;
