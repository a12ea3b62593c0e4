// Ends texts for people with a full stop, unless they end with punctuation or with a command to paste.
export const sentence = (text: string): string => (/[.?!"]$/.test(text) ? text : `${text}.`);
