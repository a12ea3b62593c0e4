// The commands that reasons and answers suggest: whole, so that an operator can paste them.

/** `npm run sluice -- run 000005-3fa9c1d2 --pipeline carmila`. */
export const commandLine = (pipeline: string, command: string): string =>
  `npm run sluice -- ${command} --pipeline ${pipeline}`;

/** The same, for a command that requires a reason, which the operator fills in. */
export const commandWithReason = (pipeline: string, command: string): string =>
  `${commandLine(pipeline, command)} --reason "<why>"`;
