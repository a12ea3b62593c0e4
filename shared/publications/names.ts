// The names of the export bucket's objects: `<pipeline>/<output>/<publication>/attempt-<n>/<file>`, a pointer, and a register.

/** Names a published output. The attempt is part of it: one that was given up may have copied files before another one. */
export interface ExportKey {
  readonly pipeline: string;
  readonly publication: string;
  readonly attempt: number;
}

export const exportFolder = ({ pipeline, publication, attempt }: ExportKey, output: string): string =>
  `${pipeline}/${output}/${publication}/attempt-${attempt}/`;

export const POINTER_NAME = 'current.json';

/** Shows readers the newest publication; the only object that changes. */
export const pointerObject = (pipeline: string, output: string): string =>
  `${pipeline}/${output}/${POINTER_NAME}`;

export const registerPrefix = (pipeline: string, model: string): string => `${pipeline}/${model}/register/`;
export const candidateObject = ({ pipeline, publication, attempt }: ExportKey, model: string): string =>
  `${registerPrefix(pipeline, model)}${publication}-attempt-${attempt}.json`;

/** The attempt in whose folder a published file is. */
export const attemptOf = (object: string): number => Number(/\/attempt-(\d{1,4})\//.exec(object)?.[1] ?? 1);

// A part may begin with a dot (`.zattrs`), but is neither empty nor `.` nor `..`.
const PART = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const MOST_PARTS = 10;

/** Whether a job's file may be published under its name; the pointer's name is reserved. */
export function isFileName(name: string): boolean {
  const parts = name.split('/');
  return (
    parts.at(-1) !== POINTER_NAME && parts.length <= MOST_PARTS && parts.every((part) => PART.test(part))
  );
}
