// Objects of the export bucket: `<pipeline>/<output>/<publication>/<file>`, a pointer, and a model's register.

export const exportFolder = (pipeline: string, output: string, publication: string): string =>
  `${pipeline}/${output}/${publication}/`;

export const POINTER_NAME = 'current.json';

/** The newest publication, for readers: it alone ever changes. */
export const pointerObject = (pipeline: string, output: string): string =>
  `${pipeline}/${output}/${POINTER_NAME}`;

export const registerPrefix = (pipeline: string, model: string): string => `${pipeline}/${model}/register/`;
export const candidateObject = (pipeline: string, model: string, publication: string): string =>
  `${registerPrefix(pipeline, model)}${publication}.json`;

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
