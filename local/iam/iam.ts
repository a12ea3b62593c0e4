// Who may do what: service accounts, and the roles granted to them on resources.
import { OPERATOR } from '../http/api.ts';
import { invalid, notImplemented } from '../http/errors.ts';
import type { State } from '../state/state.ts';
import type { Authorize } from './authorize.ts';
import { readCondition, type Condition } from './conditions.ts';
import { denied } from './denials.ts';
import { checkPermissions, permissionsOf } from './roles.ts';

export interface Grant {
  /** `roles/storage.objectViewer`, a custom role's `projects/P/roles/R`, or the local `drive.reader`. */
  readonly role: string;
  /** `serviceAccount:EMAIL` or `user:EMAIL`; of a function also `allUsers`. A group may be named too; it has no members here. */
  readonly member: string;
  /** A full name, see `Authorize`; the grant holds for what lies under it as well. */
  readonly resource: string;
  /** An expression over `resource.name` and the prefix of a listing; absent, the grant holds for all that lies under the resource. */
  readonly condition?: string;
}

const EVERYONE = 'allUsers';

interface Binding {
  readonly resource: string;
  readonly permissions: ReadonlySet<string>;
  readonly holds: Condition;
}

/** The local IAM. Bindings are kept in the state; the operator, who owns the project, needs none. */
export class Iam {
  readonly #state: State;
  readonly #projectId: string;
  // Every call to every service asks, so the bindings of a member are read once until they change.
  #bindingsOf = new Map<string, readonly Binding[]>();

  constructor(options: { state: State; projectId: string }) {
    this.#state = options.state;
    this.#projectId = options.projectId;
    this.#state.sql.exec(`
      CREATE TABLE IF NOT EXISTS iam_service_accounts (email TEXT PRIMARY KEY) STRICT;
      CREATE TABLE IF NOT EXISTS iam_custom_roles (name TEXT PRIMARY KEY, permissions TEXT NOT NULL) STRICT;
      DROP TABLE IF EXISTS iam_bindings;
      CREATE TABLE IF NOT EXISTS iam_grants (
        member TEXT NOT NULL, role TEXT NOT NULL, resource TEXT NOT NULL, condition TEXT NOT NULL,
        PRIMARY KEY (member, role, resource, condition)
      ) STRICT`);
  }

  ensureServiceAccount(email: string): void {
    this.#state.sql.prepare('INSERT OR IGNORE INTO iam_service_accounts VALUES (?)').run(email);
  }

  /** Makes a custom role, or gives it other permissions; 400 for one that no local service asks about. */
  ensureRole(name: string, permissions: readonly string[]): void {
    checkPermissions(name, permissions);
    this.#state.sql
      .prepare('INSERT OR REPLACE INTO iam_custom_roles VALUES (?, ?)')
      .run(name, JSON.stringify(permissions));
    this.#bindingsOf.clear();
  }

  /**
   * Records a grant; the same grant again changes nothing. Throws `ApiError` 400 for a role that is not
   * known or a service account of this project that does not exist, 501 for a member without an identity
   * or a condition that cannot be read.
   */
  grant({ role, member, resource, condition = '' }: Grant): void {
    if (this.#permissionsOf(role) === undefined)
      throw invalid(`Role ${role} is not supported for this resource.`);
    this.#checkMember(member, resource);
    if (condition !== '') readCondition(condition);
    this.#state.sql
      .prepare('INSERT OR IGNORE INTO iam_grants (member, role, resource, condition) VALUES (?, ?, ?, ?)')
      .run(member, role, resource, condition);
    this.#bindingsOf.delete(member);
  }

  /** Removes a grant; true if there was one. */
  revoke({ role, member, resource, condition = '' }: Grant): boolean {
    const { changes } = this.#state.sql
      .prepare('DELETE FROM iam_grants WHERE member = ? AND role = ? AND resource = ? AND condition = ?')
      .run(member, role, resource, condition);
    this.#bindingsOf.delete(member);
    return Number(changes) > 0;
  }

  /** Forgets every grant: each provisioning declares all grants. */
  resetBindings(): void {
    this.#state.sql.exec('DELETE FROM iam_grants');
    this.#bindingsOf.clear();
  }

  allows(email: string, permission: string, resource: string, listPrefix = ''): boolean {
    if (email === OPERATOR) return true;
    return this.#bindings(memberOf(email)).some(
      (binding) =>
        binding.permissions.has(permission) &&
        this.#covers(binding.resource, resource) &&
        binding.holds(resource, listPrefix),
    );
  }

  /** Whether `allUsers` may, and so a caller without any identity. */
  allowsEveryone(permission: string, resource: string): boolean {
    return this.#bindings(EVERYONE).some(
      (binding) => binding.permissions.has(permission) && this.#covers(binding.resource, resource),
    );
  }

  readonly authorize: Authorize = (caller, permission, resource, listPrefix) => {
    if (this.allows(caller, permission, resource, listPrefix)) return;
    throw denied(caller, permission, resource);
  };

  #checkMember(member: string, resource: string): void {
    // Everyone may be let in to a function, and to nothing else here.
    if (member === EVERYONE && /\/functions\/[^/]+$/.test(resource)) return;
    const [kind, email] = member.split(/:(.*)/s, 2);
    if (kind === 'user' || kind === 'group' || kind === 'domain') return;
    if (kind !== 'serviceAccount' || !email) throw notImplemented(`the member ${member} in a grant`);
    // Google's own service agents live under other domains, and exist without being made.
    if (!email.endsWith(`@${this.#projectId}.iam.gserviceaccount.com`)) return;
    const known = this.#state.sql.prepare('SELECT 1 FROM iam_service_accounts WHERE email = ?').get(email);
    if (known === undefined) throw invalid(`Service account ${email} does not exist.`);
  }

  #bindings(member: string): readonly Binding[] {
    const known = this.#bindingsOf.get(member);
    if (known !== undefined) return known;
    const rows = this.#state.sql
      .prepare('SELECT role, resource, condition FROM iam_grants WHERE member = ? ORDER BY role, resource')
      .all(member);
    const bindings = rows.map(({ role, resource, condition }) => ({
      resource: String(resource),
      permissions: this.#permissionsOf(String(role)) ?? new Set<string>(),
      holds: condition === '' ? () => true : readCondition(String(condition)),
    }));
    this.#bindingsOf.set(member, bindings);
    return bindings;
  }

  #permissionsOf(role: string): ReadonlySet<string> | undefined {
    const custom = this.#state.sql
      .prepare('SELECT permissions FROM iam_custom_roles WHERE name = ?')
      .get(role);
    if (custom === undefined) return permissionsOf(role);
    return new Set(JSON.parse(String(custom['permissions'])) as string[]);
  }

  #covers(granted: string, asked: string): boolean {
    if (granted === asked || asked.startsWith(`${granted}/`)) return true;
    // Buckets have a name of their own (`projects/_`), but lie in the one project there is.
    return granted === `projects/${this.#projectId}` && asked.startsWith('projects/_/');
  }
}

/** Every identity but a service account is a person. */
const memberOf = (email: string): string =>
  email.endsWith('.gserviceaccount.com') ? `serviceAccount:${email}` : `user:${email}`;
