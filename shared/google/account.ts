// The account that a person's command acts as, for what it writes of itself.
import { GoogleAuth, OAuth2Client } from 'google-auth-library';
import { failure } from './failures.ts';

/** Its email; null when Google's authentication knows none, as for a user who kept it to themselves. */
export async function actingAccount(): Promise<string | null> {
  const auth = new GoogleAuth();
  try {
    const { client_email } = await auth.getCredentials();
    if (client_email) return client_email;
    const client = await auth.getClient();
    const { token } = await client.getAccessToken();
    if (!(client instanceof OAuth2Client) || !token) return null;
    return (await client.getTokenInfo(token)).email ?? null;
  } catch (error) {
    throw failure('asking which account this is', error);
  }
}
