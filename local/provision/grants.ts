// Who may do what: every IAM member of the program, as a grant of the local IAM.
import { functionResource, type Cloud } from '../cloud.ts';
import { knownInputs, text } from './inputs.ts';
import type { Creator } from './provision.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** Makes the creator of one kind of IAM member: `known` names its inputs, `resource` what it is granted on. */
const grantOn =
  (known: readonly string[], resource: (inputs: Inputs, cloud: Cloud) => string): Creator =>
  (member, { cloud }) => {
    const inputs = knownInputs(member, ['role', 'member', ...known]);
    // Google's own agents are not simulated: the local services need no rights among themselves.
    if (/@(gcp-sa-[a-z]+|gs-project-accounts)\.iam\.gserviceaccount\.com$/.test(text(inputs, 'member')))
      return;
    cloud.iam.grant({
      role: text(inputs, 'role'),
      member: text(inputs, 'member'),
      resource: resource(inputs, cloud),
    });
  };

const inProject = (kind: string, key: string) => (inputs: Inputs, cloud: Cloud) =>
  `projects/${cloud.projectId}/${kind}/${text(inputs, key)}`;

export const grants: Readonly<Record<string, Creator>> = {
  'gcp:storage/bucketIAMMember:BucketIAMMember': grantOn(
    ['bucket'],
    (inputs) => `projects/_/buckets/${text(inputs, 'bucket')}`,
  ),
  'gcp:pubsub/topicIAMMember:TopicIAMMember': grantOn(['topic'], inProject('topics', 'topic')),
  'gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember': grantOn(
    ['subscription'],
    inProject('subscriptions', 'subscription'),
  ),
  'gcp:bigquery/datasetIamMember:DatasetIamMember': grantOn(
    ['datasetId'],
    inProject('datasets', 'datasetId'),
  ),
  'gcp:cloudrunv2/jobIamMember:JobIamMember': grantOn(
    ['name', 'location'],
    (inputs, cloud) =>
      `projects/${cloud.projectId}/locations/${text(inputs, 'location')}/jobs/${text(inputs, 'name')}`,
  ),
  'gcp:cloudrunv2/serviceIamMember:ServiceIamMember': grantOn(['name', 'location'], (inputs, cloud) =>
    functionResource(cloud.projectId, text(inputs, 'name')),
  ),
  'gcp:projects/iAMMember:IAMMember': grantOn(['project'], (inputs) => `projects/${text(inputs, 'project')}`),
};
