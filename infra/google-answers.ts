// The answers of Google and of Pulumi's provider to the program: the ids, addresses and agents that it uses.
import type * as pulumi from '@pulumi/pulumi';

type Inputs = Readonly<Record<string, unknown>>;
type FunctionUrl = (name: string) => string;

const PROJECT_NUMBER = '123456789012';

export interface Answers {
  readonly newResource: (resource: pulumi.runtime.MockResourceArgs) => { id: string; state: Inputs };
  readonly call: (call: pulumi.runtime.MockCallArgs) => Inputs;
}

export const googleAnswers = (project: string, functionUrl: FunctionUrl): Answers => ({
  newResource: ({ type, name, inputs }) => ({
    id: idOf(project, type, name, inputs as Inputs),
    state: { ...(inputs as Inputs), ...computed(project, functionUrl, type, inputs as Inputs) },
  }),
  call: ({ token, inputs }) => ({ ...(inputs as Inputs), ...calledFor(token) }),
});

function calledFor(token: string): Inputs {
  switch (token) {
    case 'gcp:storage/getProjectServiceAccount:getProjectServiceAccount': {
      const emailAddress = `service-${PROJECT_NUMBER}@gs-project-accounts.iam.gserviceaccount.com`;
      return { emailAddress, member: `serviceAccount:${emailAddress}` };
    }
    case 'gcp:organizations/getProject:getProject':
      return { number: PROJECT_NUMBER };
    case 'gcp:bigquery/getDefaultServiceAccount:getDefaultServiceAccount': {
      const email = `bq-${PROJECT_NUMBER}@bigquery-encryption.iam.gserviceaccount.com`;
      return { email, member: `serviceAccount:${email}` };
    }
    default:
      throw new Error(`the program calls ${token}, which has no answer; add one to infra/google-answers.ts`);
  }
}

/** The outputs that Google adds to a new resource, as far as the program uses them. */
function computed(project: string, functionUrl: FunctionUrl, type: string, inputs: Inputs): object {
  switch (type) {
    case 'gcp:serviceaccount/account:Account': {
      const email = emailOf(project, inputs);
      return { email, member: `serviceAccount:${email}` };
    }
    case 'gcp:logging/projectSink:ProjectSink':
      return {
        writerIdentity: `serviceAccount:service-${PROJECT_NUMBER}@gcp-sa-logging.iam.gserviceaccount.com`,
      };
    case 'gcp:cloudfunctionsv2/function:Function': {
      const uri = functionUrl(String(inputs.name));
      return { url: uri, serviceConfig: { ...(inputs.serviceConfig as object), uri } };
    }
    case 'gcp:cloudrunv2/service:Service':
      return { uri: functionUrl(String(inputs.name)) };
    case 'gcp:projects/iAMCustomRole:IAMCustomRole':
      return { name: `projects/${project}/roles/${String(inputs.roleId)}` };
    case 'gcp:projects/serviceIdentity:ServiceIdentity': {
      const [service = ''] = String(inputs.service).split('.');
      const email = `service-${PROJECT_NUMBER}@gcp-sa-${service}.iam.gserviceaccount.com`;
      return { email, member: `serviceAccount:${email}` };
    }
    default:
      return {};
  }
}

function idOf(project: string, type: string, name: string, inputs: Inputs): string {
  if (type === 'gcp:pubsub/topic:Topic') return `projects/${project}/topics/${String(inputs.name)}`;
  if (type === 'gcp:serviceaccount/account:Account')
    return `projects/${project}/serviceAccounts/${emailOf(project, inputs)}`;
  if (type === 'gcp:kms/keyRing:KeyRing')
    return `projects/${project}/locations/${String(inputs.location)}/keyRings/${String(inputs.name)}`;
  if (type === 'gcp:kms/cryptoKey:CryptoKey')
    return `${String(inputs.keyRing)}/cryptoKeys/${String(inputs.name)}`;
  return `${name}-id`;
}

const emailOf = (project: string, { accountId }: Inputs): string =>
  `${String(accountId)}@${project}.iam.gserviceaccount.com`;
