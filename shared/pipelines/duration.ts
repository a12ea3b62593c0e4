// Lengths of time in a pipeline's definition, said in words and kept in milliseconds.
export type Milliseconds = number;

export const seconds = (count: number): Milliseconds => count * 1000;
export const minutes = (count: number): Milliseconds => seconds(count * 60);
export const hours = (count: number): Milliseconds => minutes(count * 60);
