// What each resource of the infra program costs by standing there, whether anything happens or not.
import type { PlannedResource } from '../../infra/plan.ts';
import { gibOf } from '../../shared/pipelines/job.ts';
import { sumOf, type Usage } from './bill.ts';

type Inputs = Readonly<Record<string, unknown>>;

const DAY_SECONDS = 24 * 60 * 60;
export const MONTH_DAYS = 365 / 12;
export const MONTH_SECONDS = MONTH_DAYS * DAY_SECONDS;
// Not measured, for there is no Docker here: layers that no two images share, compressed.
const JOB_IMAGE_GIB = 0.4;
const FUNCTION_IMAGE_GIB = 0.15;

/** Types that cost nothing by standing there; what they are used for is counted in `month.ts`, by what happens. */
const FREE: ReadonlySet<string> = new Set([
  'artifactregistry/repository:Repository',
  'bigquery/dataset:Dataset',
  'bigquery/table:Table',
  'billing/budget:Budget',
  'kms/keyRing:KeyRing',
  'logging/logView:LogView',
  'logging/metric:Metric',
  'logging/projectSink:ProjectSink',
  'monitoring/alertPolicy:AlertPolicy',
  'monitoring/dashboard:Dashboard',
  'monitoring/notificationChannel:NotificationChannel',
  'projects/iAMAuditConfig:IAMAuditConfig',
  'projects/iAMCustomRole:IAMCustomRole',
  'projects/service:Service',
  'projects/serviceIdentity:ServiceIdentity',
  'pubsub/subscription:Subscription',
  'pubsub/topic:Topic',
  'serviceaccount/account:Account',
  'storage/bucket:Bucket',
  'storage/bucketObject:BucketObject',
  'storage/notification:Notification',
]);

/** Who may do what is free, on whatever. */
const GRANT = /(IAM|Iam)(Member|Binding|Policy)$/;

const FIXED: Readonly<Record<string, (inputs: Inputs, years: number) => Usage>> = {
  'cloudfunctionsv2/function:Function': (inputs) => ({ imageGib: FUNCTION_IMAGE_GIB, ...kept(inputs) }),
  // Its source lies in the bucket of sources, and Google keeps the image that it runs on.
  'cloudrunv2/service:Service': ({ template }) => keptOf(serviceSize(template as ServiceTemplate)),
  // Its image is counted below: many jobs may share one.
  'cloudrunv2/job:Job': () => ({}),
  'cloudscheduler/job:Job': () => ({ schedules: 1 }),
  'kms/cryptoKey:CryptoKey': ({ rotationPeriod }, years) => ({
    keyVersions: versionsOf(rotationPeriod, years),
  }),
};

const withoutProvider = (type: string): string => type.replace(/^gcp:/, '');

/** `years` after it was made. Throws if the type of a resource has no declared price. */
export function fixedOf(plan: readonly PlannedResource[], years = 1): Usage {
  const deployed = plan.filter(({ type }) => type.startsWith('gcp:') && !GRANT.test(type));
  const unknown = deployed.filter(({ type }) => {
    const name = withoutProvider(type);
    return !(name in FIXED) && !FREE.has(name);
  });
  if (unknown.length > 0) {
    const list = unknown.map(({ type, name }) => `${name} (${type})`).join(', ');
    throw new Error(`no price is declared for ${list}; add one in bench/cost/fixed.ts`);
  }
  return sumOf([
    ...deployed.map(({ type, inputs }) => FIXED[withoutProvider(type)]?.(inputs, years) ?? {}),
    { imageGib: imagesOf(deployed).size * JOB_IMAGE_GIB },
  ]);
}

const imagesOf = (plan: readonly PlannedResource[]): ReadonlySet<string> =>
  new Set(plan.flatMap(({ inputs }) => JSON.stringify(inputs).match(/"image":"(?!scratch")[^"]+"/g) ?? []));

/** How many versions a key has at the end of so many years: each bills until it is destroyed. */
function versionsOf(rotationPeriod: unknown, years: number): number {
  const seconds = Number.parseInt(String(rotationPeriod), 10);
  return Number.isNaN(seconds) ? 1 : 1 + Math.floor((years * 365 * DAY_SECONDS) / seconds);
}

/** Instances that wait for requests bill all month: the mesh has none, and would see them here. */
function kept({ serviceConfig }: Inputs): Usage {
  const service = serviceConfig as Inputs;
  return keptOf({ ...sizeOf(service), instances: Number(service.minInstanceCount ?? 0) });
}

interface ServiceTemplate {
  readonly scaling: { readonly minInstanceCount: number };
  readonly containers: readonly {
    readonly resources: { readonly limits: Readonly<Record<string, string>> };
  }[];
}

function serviceSize({ scaling, containers }: ServiceTemplate): Kept {
  const { cpu = '1', memory = '512Mi' } = containers[0]?.resources.limits ?? {};
  return { vcpu: Number(cpu), gib: gibOf(memory) ?? 0.5, instances: scaling.minInstanceCount };
}

interface Kept {
  readonly vcpu: number;
  readonly gib: number;
  readonly instances: number;
}

function keptOf({ vcpu, gib, instances }: Kept): Usage {
  if (instances === 0) return {};
  return {
    idleVcpuSeconds: instances * vcpu * MONTH_SECONDS,
    idleGibSeconds: instances * gib * MONTH_SECONDS,
  };
}

// https://cloud.google.com/functions/docs/configuring/memory
const VCPU_OF_GIB: readonly (readonly [gib: number, vcpu: number])[] = [
  [0.125, 0.083],
  [0.25, 0.167],
  [0.5, 0.333],
  [1, 0.583],
  [2, 1],
  [8, 2],
  [16, 4],
  [32, 8],
];

/** The processors and the memory that a function's instance is billed by. */
export function sizeOf(service: Inputs): { readonly vcpu: number; readonly gib: number } {
  const gib = gibOf(String(service.availableMemory)) ?? 0.25;
  const share = VCPU_OF_GIB.find(([most]) => gib <= most)?.[1] ?? 8;
  return { gib, vcpu: service.availableCpu === undefined ? share : Number(service.availableCpu) };
}
