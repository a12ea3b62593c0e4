// The one policy of Trusted Types: only a page of this console, fetched from it, is read as markup.

interface Policy {
  createHTML(text: string): string;
}

interface Factory {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): Policy;
}

const factory = (window as unknown as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy('sluice', { createHTML: (text) => text });

/** A document that is parsed so runs no script; a browser without Trusted Types takes the text itself. */
export const trusted = (text: string): string => policy?.createHTML(text) ?? text;
