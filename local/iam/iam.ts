// Who may do what: service accounts, and the roles granted to them on resources.
import { OPERATOR } from '../http/api.ts';
import { ApiError, invalid, notImplemented } from '../http/errors.ts';
import type { State } from '../state/state.ts';
import type { Authorize } from './authorize.ts';
import { permissionsOf } from './roles.ts';

export interface Grant {
  /** `roles/storage.objectViewer`, or the local `drive.reader`. */
  readonly role: string;
  /** `serviceAccount:EMAIL`. People and groups may be named too; they never call the local cloud. */
  readonly member: string;
  /** A full name, see `Authorize`; the grant holds for what lies under it as well. */
  readonly resource: string;
}

interface Binding {
  readonly resource: string;
  readonly permissions: ReadonlySet<string>;
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
      CREATE TABLE IF NOT EXISTS iam_bindings (
        member TEXT NOT NULL, role TEXT NOT NULL, resource TEXT NOT NULL,
        PRIMARY KEY (member, role, resource)
      ) STRICT`);
  }

  ensureServiceAccount(email: string): void {
    this.#state.sql.prepare('INSERT OR IGNORE INTO iam_service_accounts VALUES (?)').run(email);
  }

  /**
   * Records a grant; the same grant again changes nothing. Throws `ApiError` 400 for a role that is not
   * known or a service account of this project that does not exist, 501 for a member without an identity.
   */
  grant({ role, member, resource }: Grant): void {
    if (permissionsOf(role) === undefined) throw invalid(`Role ${role} is not supported for this resource.`);
    this.#checkMember(member);
    this.#state.sql
      .prepare('INSERT OR IGNORE INTO iam_bindings (member, role, resource) VALUES (?, ?, ?)')
      .run(member, role, resource);
    this.#bindingsOf.delete(member);
  }

  /** Forgets every grant: the program that provisions says each time all that is granted. */
  resetBindings(): void {
    this.#state.sql.exec('DELETE FROM iam_bindings');
    this.#bindingsOf.clear();
  }

  allows(email: string, permission: string, resource: string): boolean {
    if (email === OPERATOR) return true;
    return this.#bindings(`serviceAccount:${email}`).some(
      (binding) => binding.permissions.has(permission) && this.#covers(binding.resource, resource),
    );
  }

  readonly authorize: Authorize = (caller, permission, resource) => {
    if (this.allows(caller, permission, resource)) return;
    throw new ApiError(
      403,
      'forbidden',
      `${caller} does not have ${permission} access to ${resource}. ` +
        `Permission '${permission}' denied on resource '${resource}' (or it may not exist).`,
    );
  };

  #checkMember(member: string): void {
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
      .prepare('SELECT role, resource FROM iam_bindings WHERE member = ? ORDER BY role, resource')
      .all(member);
    const bindings = rows.map((row) => ({
      resource: String(row['resource']),
      permissions: permissionsOf(String(row['role'])) ?? new Set<string>(),
    }));
    this.#bindingsOf.set(member, bindings);
    return bindings;
  }

  #covers(granted: string, asked: string): boolean {
    if (granted === asked || asked.startsWith(`${granted}/`)) return true;
    // Buckets have a name of their own (`projects/_`), but lie in the one project there is.
    return granted === `projects/${this.#projectId}` && asked.startsWith('projects/_/');
  }
}
