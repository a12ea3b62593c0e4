// JSON pointers (RFC 6901), from the paths of zod's issues.

export const pointerOf = (path: readonly PropertyKey[], below = ''): string =>
  below + path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
