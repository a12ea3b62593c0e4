// Which requests the local cloud answers: those of programs on this machine, never those that a web page makes.
import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';

type Head = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>;

// A browser adds it to each request: `none` is an address that was typed.
const OWN_SITES: readonly unknown[] = [undefined, 'same-origin', 'none'];

const LOOPBACK = 'localhost, *.localhost, 127.0.0.0/8 or [::1], with any port';

/**
 * Why this request is refused, or undefined. Every request to a loopback port counts as made by its identity, so
 * that a page in a browser could start jobs and upload objects, which takes no answer, and by DNS rebinding (its
 * own host name resolved to 127.0.0.1) read the answers as well. The browser names the page in `Origin` and
 * `Sec-Fetch-Site`, and the page's host name in `Host`. Programs send no `Origin`.
 *
 * A page on another port of this machine is of the same site and of another origin: it is refused too. But where people
 * open pages (`isForPeople`), it may lead a browser there by a link: it sees nothing of the answer, and sends nothing.
 */
export function refusalOf(head: Head, isForPeople = false): string | undefined {
  const { url = '', headers, rawHeaders } = head;
  const hosts = rawHeaders.filter((_, index) => index % 2 === 1 && isHost(rawHeaders[index - 1]));
  if (hosts.length !== 1 || !isLoopback(hosts[0])) {
    return refused('Host', hosts.join(', '), LOOPBACK);
  }
  // The absolute form, which is what a proxy is asked for, names the host once more.
  if (!url.startsWith('/') && url !== '*') {
    const authority = /^http:\/\/([^/?#]*)/i.exec(url)?.[1];
    if (!isLoopback(authority)) return refused('request target', url, LOOPBACK);
  }
  const own = `http://${hosts[0]}`.toLowerCase();
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin.toLowerCase() !== own)
    return refused('Origin', origin, `none, or ${own}`);
  if (!OWN_SITES.includes(site) && !(isForPeople && isLink(head)))
    return refused('Sec-Fetch-Site', String(site), 'same-origin or none');
  return undefined;
}

const isLink = ({ method, headers }: Head): boolean =>
  method === 'GET' &&
  headers['sec-fetch-site'] === 'same-site' &&
  headers['sec-fetch-mode'] === 'navigate' &&
  headers['sec-fetch-dest'] === 'document';

const isHost = (name: string | undefined): boolean => name?.toLowerCase() === 'host';

function isLoopback(authority: string | undefined): boolean {
  const host = /^(\[::1\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(authority ?? '')?.[1]?.toLowerCase();
  if (host === undefined) return false;
  if (host === '[::1]' || host === 'localhost') return true;
  return host.endsWith('.localhost') || (isIPv4(host) && host.startsWith('127.'));
}

const LONGEST_SHOWN = 200;

const refused = (what: string, found: string, expected: string): string =>
  `the local cloud refuses the ${what} ${JSON.stringify(found.slice(0, LONGEST_SHOWN))}; expected ${expected}. ` +
  'It answers programs on this machine only: no web page, and no other name or address of this machine';
