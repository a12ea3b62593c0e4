// `sluice token`: an identity token of the local cloud, for a program that calls the requests API.
import { helpText } from '../help-text.ts';
import type { Verb } from './verb.ts';

const HELP = `
The token is printed alone, so that a shell can use it. It is valid for an hour, for the two functions of the requests
API of the local cloud. For a project, use gcloud auth print-identity-token.

  curl -H "Authorization: Bearer $(npm run --silent sluice -- token --as ana@example.com)" <address>/pipeline/jobs`;

export const token: Verb = (sluice) =>
  void sluice.program
    .command('token')
    .description('local cloud: print an identity token for the requests API, of the identity of --as')
    .addHelpText('after', helpText(HELP))
    .action(() =>
      sluice.on(true, async (target) => (await import('../actions/token.ts')).printToken(sluice, target)),
    );
