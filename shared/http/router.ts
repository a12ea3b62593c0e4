// Finds the route of a path and a method: templates such as `/pipeline/job/{id}/cancel`, as data.

export interface Routed {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
}

export type Match<Route extends Routed> =
  | { readonly kind: 'route'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The path is known, with these methods. */
  | { readonly kind: 'other-method'; readonly routes: readonly Route[] }
  | { readonly kind: 'no-route' };

interface Compiled<Route> {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly routes: Route[];
}

const LONGEST_PATH = 500;

/** A later route does not replace an earlier one, so literal paths come before templates that match them too. */
export function routerOf<Route extends Routed>(routes: readonly Route[]) {
  const compiled = new Map<string, Compiled<Route>>();
  for (const route of routes) {
    const known = compiled.get(route.path) ?? compile<Route>(route.path);
    known.routes.push(route);
    compiled.set(route.path, known);
  }
  return (method: string, path: string): Match<Route> => {
    if (path.length > LONGEST_PATH) return { kind: 'no-route' };
    const plain = path.length > 1 ? path.replace(/\/$/, '') : path;
    for (const { pattern, names, routes: found } of compiled.values()) {
      const values = pattern.exec(plain)?.slice(1);
      if (values === undefined) continue;
      const route = found.find((each) => each.method === (method === 'HEAD' ? 'GET' : method));
      if (route === undefined) return { kind: 'other-method', routes: found };
      const params = Object.fromEntries(names.map((name, index) => [name, decoded(values[index] ?? '')]));
      return { kind: 'route', route, params };
    }
    return { kind: 'no-route' };
  };
}

function compile<Route>(path: string): Compiled<Route> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const pattern = path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '([^/]+)');
  return { pattern: new RegExp(`^${pattern}$`), names, routes: [] };
}

/** What is not percent-encoded text names nothing, and is kept as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
