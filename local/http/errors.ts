// Google's errors, as its APIs word them on the wire.

/** The canonical code of each HTTP status that the local cloud answers. */
const RPC_STATUS: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  416: 'OUT_OF_RANGE',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
};

/** Of the two that share 400, the one that the newer APIs answer when something has to be put in order first. */
const RPC_STATUS_OF_REASON: Record<string, string> = { failedPrecondition: 'FAILED_PRECONDITION' };

/**
 * An error that a Google API would answer: `code` is the HTTP status, `reason` the word the product uses
 * (`notFound`, `conditionNotMet`, `invalidQuery`), `location` where the product names one.
 */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly location: string | undefined;

  constructor(code: number, reason: string, message: string, location?: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.location = location;
  }

  /** The body of the answer. It carries both the older (`errors`) and the newer (`status`) form. */
  body(): object {
    const entry = { message: this.message, domain: 'global', reason: this.reason };
    return {
      error: {
        code: this.code,
        message: this.message,
        status: RPC_STATUS_OF_REASON[this.reason] ?? RPC_STATUS[this.code] ?? 'UNKNOWN',
        errors: [this.location === undefined ? entry : { ...entry, location: this.location }],
      },
    };
  }
}

export const notFound = (message: string) => new ApiError(404, 'notFound', message);
export const invalid = (message: string) => new ApiError(400, 'invalid', message);
export const alreadyExists = (message: string) => new ApiError(409, 'duplicate', message);
export const forbidden = (message: string) => new ApiError(403, 'forbidden', message);

/** What the local cloud does not support is refused by name, never answered with a silent 200. */
export const notImplemented = (what: string) =>
  new ApiError(501, 'notImplemented', `the local cloud does not implement ${what}`);

/** Refuses a body with a field outside `known` (a dotted prefix in `where` names the body). */
export function refuseUnknownFields(where: string, body: object, known: readonly string[]): void {
  const unknown = Object.keys(body).filter((field) => !known.includes(field));
  if (unknown.length > 0) throw notImplemented(`the field ${where}.${unknown.join(`, ${where}.`)}`);
}
