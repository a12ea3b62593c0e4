// Decides, from the output of `pulumi up`, whether another attempt can succeed, and what it has to wait for.

export type Verdict =
  | { readonly kind: 'stop'; readonly why: string }
  | {
      readonly kind: 'wait';
      readonly seconds: number;
      readonly why: string;
      /** Functions whose creation failed: they may exist without being in the state. */
      readonly functions: readonly string[];
    };

/** One resource that failed, with the text of its error. */
interface Failure {
  readonly resource: string;
  readonly text: string;
}

interface Cause {
  readonly matches: (text: string) => boolean;
  readonly waitsFor: string;
  /** How many times an attempt may be made again for this cause (law 10). */
  readonly mostWaits: number;
  /** The cause passes only if this deployment created identities or grants. */
  readonly ofFreshIdentities: boolean;
}

const WAIT_SECONDS = 180;
const FUNCTION = 'gcp:cloudfunctionsv2:Function';
/** Pulumi's output for an identity, a role or a grant that it has just created. */
const FRESH = /\bgcp:\w+:(?:Account|ServiceIdentity|IAMCustomRole|\w*I[aA][mM]Member)\b.*\bcreated\b/;
const SUMMARY = /^Resources:$/m;
/** The accounts that the program or Google creates. A missing operator or reader is an error in the stack. */
const OWN_ACCOUNT = /^(?:sluice-[\w-]+|service-\d+|bq-\d+|\d+(?:-compute)?)@/;
/** The roles of the deploying identity are granted by hand, before: a missing one does not appear by waiting. */
const DEPLOYER = /\bsluice-deploy@/;
const EMAIL = /[\w.+-]+@[\w.-]+\w/g;

const isOwnAccountMissing = (text: string): boolean => {
  if (!/\b(?:does|do) not exist\b/i.test(text)) return false;
  if (/\broles\/sluice\w+/.test(text)) return true;
  const emails = text.match(EMAIL) ?? [];
  if (emails.length > 0) return emails.some((email) => OWN_ACCOUNT.test(email));
  return /\b(?:service ?account|identity pool|member|principal)\b/i.test(text);
};

const CAUSES: readonly Cause[] = [
  {
    matches: (text) => /Cannot find metric/.test(text),
    waitsFor: 'the new metrics in Cloud Monitoring (up to 10 minutes)',
    mostWaits: 4,
    ofFreshIdentities: false,
  },
  {
    matches: (text) => /KMS|encryption key/.test(text),
    waitsFor: "the right of Google's agents to use the key (some minutes)",
    mostWaits: 4,
    ofFreshIdentities: false,
  },
  {
    matches: (text) => /Access to bucket \S*gcf-\S*sources\S* denied/.test(text),
    waitsFor: 'the grants of the identity that builds the functions (7 minutes or more)',
    mostWaits: 4,
    ofFreshIdentities: false,
  },
  {
    matches: isOwnAccountMissing,
    waitsFor: 'new service accounts and roles to take effect (some minutes)',
    mostWaits: 4,
    ofFreshIdentities: true,
  },
  {
    matches: (text) =>
      /\b(?:IAM_)?PERMISSION_DENIED\b|or it may not exist/.test(text) && !DEPLOYER.test(text),
    waitsFor: 'new grants to take effect (7 minutes or more)',
    mostWaits: 3,
    ofFreshIdentities: true,
  },
];

/** `outputs` are those of all attempts so far, which all failed; the newest is last. */
export function decideAfterFailure(outputs: readonly string[]): Verdict {
  const failures = failuresIn(outputs.at(-1) ?? '');
  const causes = failures.map(({ text }) => causeOf(text, outputs));
  const permanent = failures[causes.indexOf(undefined)];
  if (permanent !== undefined) return { kind: 'stop', why: explanationOf(permanent) };
  const known = [...new Set(causes)].filter((cause) => cause !== undefined);
  const spent = known.find((cause) => attemptsWith(cause, outputs) > cause.mostWaits);
  if (spent !== undefined) {
    const why = `stopped after ${outputs.length} attempts, waiting for ${spent.waitsFor}: the error above is permanent, or needs more time; start the deployment again to continue`;
    return { kind: 'stop', why };
  }
  const functions = failures.map(({ resource }) => functionIn(resource)).filter((name) => name !== undefined);
  return {
    kind: 'wait',
    seconds: WAIT_SECONDS,
    why: known.map(({ waitsFor }) => waitsFor).join('; '),
    functions,
  };
}

export const createdIdentities = (outputs: readonly string[]): boolean =>
  outputs.some((output) => FRESH.test(output));

/** Undefined: the cause does not pass. If the output does not list what was created, it counts as passing. */
function causeOf(text: string, outputs: readonly string[]): Cause | undefined {
  const mayBeFresh = createdIdentities(outputs) || !SUMMARY.test(outputs.at(-1) ?? '');
  return CAUSES.find((cause) => cause.matches(text) && (mayBeFresh || !cause.ofFreshIdentities));
}

const attemptsWith = (cause: Cause, outputs: readonly string[]): number =>
  outputs.filter((output) => failuresIn(output).some(({ text }) => cause.matches(text))).length;

/**
 * The failures that Pulumi lists under `Diagnostics:`, a block each:
 *
 *     gcp:storage:Bucket (runs):
 *       error: ...
 *
 * An output without such a list counts as one failure, of no resource.
 */
function failuresIn(output: string): readonly Failure[] {
  const [, listed] = output.split(/^Diagnostics:$/m);
  const blocks = (listed ?? '').split(/^ {2}(?=\S+ \(.+\):$)/m).slice(1);
  const failures = blocks
    // The list ends at the first line without indentation.
    .map((block) => ({ resource: block.slice(0, block.indexOf('\n')), text: untilMargin(block) }))
    .filter(
      ({ text }) =>
        /^\s*error:/m.test(text) && !/^\s*error: (?:update|preview|refresh) failed\s*$/m.test(text),
    );
  return failures.length > 0 ? failures : [{ resource: '', text: output }];
}

const untilMargin = (block: string): string => {
  const [first = '', ...rest] = block.split('\n');
  const end = rest.findIndex((line) => /^\S/.test(line));
  return [first, ...(end < 0 ? rest : rest.slice(0, end))].join('\n');
};

const functionIn = (resource: string): string | undefined =>
  resource.startsWith(`${FUNCTION} (`) ? /\(([a-z][a-z0-9-]*)\):$/.exec(resource)?.[1] : undefined;

function explanationOf({ resource, text }: Failure): string {
  const name = functionIn(resource);
  if (name !== undefined && /\b409\b|already exists/i.test(text)) {
    return `the function ${name} exists but is not in the state, as after a failed creation; docs/DEPLOY.md, part 3, says what to type`;
  }
  const what = resource === '' ? 'the deployment' : resource.replace(/:$/, '');
  return `${what} failed, and waiting does not help: correct what the error above names, then deploy again`;
}
