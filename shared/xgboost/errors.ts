// What can go wrong at the border with the C library: it is not there, or one of its calls refuses.

/** The library could not be loaded. The first line of the message says how to install it. */
export class XgboostMissing extends Error {
  override readonly name = 'XgboostMissing';
  readonly tried: readonly string[];

  constructor(tried: readonly string[], cause?: unknown) {
    super(
      'XGBoost is not installed: run `apt-get install libxgboost0` (Debian) or `brew install xgboost` (macOS), ' +
        'or set XGBOOST_LIBRARY to the path of libxgboost.\n' +
        `Tried to load: ${tried.join(', ')}.`,
      { cause },
    );
    this.tried = tried;
  }
}

/** A call of the C interface answered that it failed; `message` holds the library's own. */
export class XgboostError extends Error {
  override readonly name = 'XgboostError';
  /** The C function that refused, for example `XGBoosterUpdateOneIter`. */
  readonly call: string;

  constructor(call: string, message: string) {
    super(`${call} failed: ${itsWords(message)}`);
    this.call = call;
  }
}

/** The library puts the time and a place in its source before its words, and a C++ stack trace after them. */
const itsWords = (message: string): string =>
  (message.split('\nStack trace:')[0] ?? message).replace(/^\[[\d:]+\] \S+:\d+: /, '').trim();
