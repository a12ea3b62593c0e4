// Objects of the export bucket: `<pipeline>/<output>/<publication>/attempt-<n>/<file>`, a pointer, and a register.

/** Which output is published: an attempt that was given up may have copied its own before another one's came. */
export interface ExportKey {
  readonly pipeline: string;
  readonly publication: string;
  readonly attempt: number;
}

export const exportFolder = ({ pipeline, publication, attempt }: ExportKey, output: string): string =>
  `${pipeline}/${output}/${publication}/attempt-${attempt}/`;

export const POINTER_NAME = 'current.json';

/** The newest publication, for readers: it alone ever changes. */
export const pointerObject = (pipeline: string, output: string): string =>
  `${pipeline}/${output}/${POINTER_NAME}`;

export const registerPrefix = (pipeline: string, model: string): string => `${pipeline}/${model}/register/`;
export const candidateObject = ({ pipeline, publication, attempt }: ExportKey, model: string): string =>
  `${registerPrefix(pipeline, model)}${publication}-attempt-${attempt}.json`;

// A dot may begin a name (`.zattrs`), and no part is a step up or nothing.
const PART = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const MOST_PARTS = 10;

/** Whether a job's file may be published under its name; that of the pointer is not a file's. */
export function isFileName(name: string): boolean {
  const parts = name.split('/');
  return (
    parts.at(-1) !== POINTER_NAME && parts.length <= MOST_PARTS && parts.every((part) => PART.test(part))
  );
}
