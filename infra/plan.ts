// Runs the program under Pulumi's mock monitor: no CLI, no account, only the list of what it would create.
import * as pulumi from '@pulumi/pulumi';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { loadPipelines } from '../shared/pipelines/registry.ts';
import { deploy } from './program.ts';
import { readSettings } from './settings.ts';
import { folderSources } from './sources.ts';

export interface PlannedResource {
  /** Pulumi's type token: `gcp:storage/bucket:Bucket`. */
  readonly type: string;
  readonly name: string;
  /** The inputs, with every output of another resource filled in. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface World {
  /** Stack configuration: `gcp:project`, `carmila:driveFolderId`. */
  readonly config: Readonly<Record<string, string>>;
  /** Where a function will answer. */
  readonly functionUrl: (name: string) => string;
  /** In place of those of `pipelines/`. */
  readonly pipelines?: readonly Pipeline[];
}

const PROJECT_NUMBER = '123456789012';

/** The resources in the order in which they were registered. One plan at a time in a process. */
export async function planResources(world: World): Promise<readonly PlannedResource[]> {
  const project = world.config['gcp:project'] ?? '';
  const planned: PlannedResource[] = [];
  pulumi.runtime.setAllConfig({ ...world.config });
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        planned.push({ type, name, inputs: inputs as Inputs });
        return {
          id: idOf(project, type, name, inputs),
          state: { ...inputs, ...computed(project, world, type, inputs) },
        };
      },
      call: ({ token, inputs }) => {
        if (token === 'gcp:storage/getProjectServiceAccount:getProjectServiceAccount') {
          const emailAddress = `service-${PROJECT_NUMBER}@gs-project-accounts.iam.gserviceaccount.com`;
          return { ...inputs, emailAddress, member: `serviceAccount:${emailAddress}` };
        }
        if (token === 'gcp:organizations/getProject:getProject') return { ...inputs, number: PROJECT_NUMBER };
        if (token === 'gcp:bigquery/getDefaultServiceAccount:getDefaultServiceAccount') {
          const email = `bq-${PROJECT_NUMBER}@bigquery-encryption.iam.gserviceaccount.com`;
          return { ...inputs, email, member: `serviceAccount:${email}` };
        }
        throw new Error(`the program calls ${token}, which the plan does not know`);
      },
    },
    'sluice',
    'local',
  );
  const pipelines = world.pipelines ?? [...loadPipelines().values()];
  const settings = readSettings(pipelines);
  deploy(settings, folderSources(settings.functionsFolder));
  await pulumi.runtime.disconnect();
  return planned;
}

type Inputs = Readonly<Record<string, unknown>>;

/** What Google would add to a resource when it is created, as far as the program uses it. */
function computed(project: string, world: World, type: string, inputs: Inputs): object {
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
      const uri = world.functionUrl(String(inputs.name));
      return { url: uri, serviceConfig: { ...(inputs.serviceConfig as object), uri } };
    }
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
