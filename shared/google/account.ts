// The account that an operator's command acts as, for the records that it writes.
import { GoogleAuth, OAuth2Client } from 'google-auth-library';
import { failure } from './failures.ts';

/** Its email; null when the credentials hold none. */
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
    throw failure('reading the account of the credentials', error);
  }
}
