// What a list of sentences in two languages is.

/**
 * English to French. `{a}` to `{h}` are values and stay as they are, `{n}` to `{q}`
 * are values without a space, and `{A}` and `{B}` are themselves sentences of the list. Manifests that are
 * kept for 400 days hold the English sentence alone, so the sentence is the key, as in gettext, and nothing but what is
 * shown follows from it. A test compares the list with the sources of the jobs.
 */
export type Patterns = Readonly<Record<string, string>>;
