// The port to signed links: who has one reads that object, without an account, until it expires.

export interface SignedLink {
  readonly object: string;
  readonly expiresSeconds: number;
  /** The name under which a browser saves it. */
  readonly fileName: string;
}

/** Signs for one bucket, as the account of the process, which has to be allowed to read it. */
export interface LinkSigner {
  sign(link: SignedLink): Promise<string>;
}
