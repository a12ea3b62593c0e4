// The people who use the console: signed in by Identity-Aware Proxy, and named in the stack.
import * as gcp from '@pulumi/gcp';
import { allowInvoking } from './callers.ts';
import type { Deployed } from './deployed.ts';
import type { Settings } from './settings.ts';

/** Only the proxy's own agent may invoke the service, and the proxy lets through only those whom the stack names. */
export function letPeopleIn(settings: Settings, name: string, called: Deployed): void {
  const { project, consoleReaders, consoleOperators } = settings;
  const proxy = new gcp.projects.ServiceIdentity('iap', { project, service: 'iap.googleapis.com' });
  allowInvoking(called, `${name}-iap`, proxy.member);
  for (const member of new Set([...consoleReaders, ...consoleOperators])) {
    new gcp.iap.WebCloudRunServiceIamMember(`${name}-${member}`, {
      project,
      location: called.location,
      cloudRunServiceName: called.name,
      role: 'roles/iap.httpsResourceAccessor',
      member,
    });
  }
}
