// The identities of the infra program, its custom roles, and every IAM member as a grant.
import { functionResource } from '../functions/functions.ts';
import { viewResource } from '../logging/views.ts';
import { group, knownInputs, list, text, type Inputs } from '../provision/inputs.ts';
import type { Cloud, Creator, Creators, Resource } from '../service.ts';
import type { Grant } from './iam.ts';

const account: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, { accountId: 'value', displayName: 'value' });
  cloud.iam.ensureServiceAccount(`${text(inputs, 'accountId')}@${cloud.projectId}.iam.gserviceaccount.com`);
};

const customRole: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, {
    roleId: 'value',
    title: 'value',
    description: 'value',
    permissions: 'value',
  });
  const name = `projects/${cloud.projectId}/roles/${text(inputs, 'roleId')}`;
  cloud.iam.ensureRole(name, list(inputs, 'permissions'));
};

interface Kind {
  /** The inputs that name what is granted on. */
  readonly known: readonly string[];
  readonly resource: (inputs: Inputs, cloud: Cloud) => string;
}

const inProject = (kind: string, key: string): Kind => ({
  known: [key],
  resource: (inputs, cloud) => `projects/${cloud.projectId}/${kind}/${text(inputs, key)}`,
});

const inRegion = (kind: string, key: string): Kind => ({
  known: [key, 'location'],
  resource: (inputs, cloud) =>
    `projects/${cloud.projectId}/locations/${text(inputs, 'location')}/${kind}/${text(inputs, key)}`,
});

/** What people are let through to by Identity-Aware Proxy. */
export const iapResource = (projectId: string, location: string, service: string): string =>
  `projects/${projectId}/iap_web/cloud_run-${location}/services/${service}`;

const KINDS: Readonly<Record<string, Kind>> = {
  'gcp:storage/bucketIAMMember:BucketIAMMember': {
    known: ['bucket'],
    resource: (inputs) => `projects/_/buckets/${text(inputs, 'bucket')}`,
  },
  'gcp:pubsub/topicIAMMember:TopicIAMMember': inProject('topics', 'topic'),
  'gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember': inProject('subscriptions', 'subscription'),
  'gcp:bigquery/datasetIamMember:DatasetIamMember': inProject('datasets', 'datasetId'),
  'gcp:artifactregistry/repositoryIamMember:RepositoryIamMember': inRegion('repositories', 'repository'),
  'gcp:cloudrunv2/jobIamMember:JobIamMember': inRegion('jobs', 'name'),
  'gcp:cloudrunv2/serviceIamMember:ServiceIamMember': {
    known: ['name', 'location'],
    resource: (inputs, cloud) => functionResource(cloud.projectId, text(inputs, 'name')),
  },
  'gcp:iap/webCloudRunServiceIamMember:WebCloudRunServiceIamMember': {
    known: ['project', 'location', 'cloudRunServiceName'],
    resource: (inputs, cloud) =>
      iapResource(cloud.projectId, text(inputs, 'location'), text(inputs, 'cloudRunServiceName')),
  },
  'gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember': {
    known: ['cryptoKeyId'],
    resource: (inputs) => text(inputs, 'cryptoKeyId'),
  },
  'gcp:serviceaccount/iAMMember:IAMMember': {
    known: ['serviceAccountId'],
    resource: (inputs) => text(inputs, 'serviceAccountId'),
  },
  'gcp:logging/logViewIamMember:LogViewIamMember': {
    known: ['parent', 'location', 'bucket', 'name'],
    resource: (inputs) =>
      viewResource(
        text(inputs, 'parent'),
        text(inputs, 'location'),
        text(inputs, 'bucket'),
        text(inputs, 'name'),
      ),
  },
  'gcp:projects/iAMMember:IAMMember': {
    known: ['project'],
    resource: (inputs) => `projects/${text(inputs, 'project')}`,
  },
};

/** What an IAM member of the program grants; undefined for a resource that grants nothing. */
export function grantOf(member: Resource, cloud: Cloud): Grant | undefined {
  const kind = KINDS[member.type];
  if (kind === undefined) return undefined;
  const inputs = knownInputs(member, {
    role: 'value',
    member: 'value',
    condition: { expression: 'value', title: 'value', description: 'value' },
    ...Object.fromEntries(kind.known.map((key) => [key, 'value' as const])),
  });
  return {
    role: text(inputs, 'role'),
    member: text(inputs, 'member'),
    resource: kind.resource(inputs, cloud),
    ...('condition' in inputs ? { condition: text(group(inputs, 'condition'), 'expression') } : {}),
  };
}

const grant: Creator = (member, { cloud }) => {
  const granted = grantOf(member, cloud);
  if (granted !== undefined) cloud.iam.grant(granted);
};

export const creators: Creators = {
  'gcp:serviceaccount/account:Account': account,
  'gcp:projects/iAMCustomRole:IAMCustomRole': customRole,
  ...Object.fromEntries(Object.keys(KINDS).map((type) => [type, grant])),
};
