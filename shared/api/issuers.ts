// The issuers of tokens that a deployment trusts, from its configuration.
import { KeySet, type IssuerKeys } from '../access/key-set.ts';
import { googleIssuer, identityPlatformIssuer, type Issuer } from '../access/tokens.ts';

export interface IssuerConfig {
  /** What a Google token must be for: the API's own name, and ids of OAuth clients. */
  readonly API_AUDIENCES: readonly string[];
  /** The project whose users of Identity Platform may call; empty: none. */
  readonly IDENTITY_PLATFORM_PROJECT: string;
}

export function issuersOf(config: IssuerConfig, keys: IssuerKeys, now: () => number): readonly Issuer[] {
  const google = new KeySet({ fetchKeys: keys.google, now });
  const { API_AUDIENCES, IDENTITY_PLATFORM_PROJECT: project } = config;
  const platform = () => new KeySet({ fetchKeys: keys.identityPlatform, now });
  return [
    googleIssuer(API_AUDIENCES, google),
    ...(project === '' ? [] : [identityPlatformIssuer(project, platform())]),
  ];
}
