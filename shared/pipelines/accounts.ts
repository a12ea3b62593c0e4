// The accounts of functions, and those that the program makes besides, whose names no function may have.

/** With `sluice-` before it, a function's name is that of its account, for which Google allows 30 characters. */
export const LONGEST_FUNCTION_NAME = 30 - 'sluice-'.length;

const RESERVED = ['build', 'pubsub-invoker', 'deploy', 'scheduler'];

/** Whether a function of this name would have the account of another: one of these, or that of a pipeline's job. */
export const isAccountTaken = (functionName: string): boolean =>
  RESERVED.includes(functionName) || functionName.endsWith('-job');
