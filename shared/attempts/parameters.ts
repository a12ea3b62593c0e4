// The parameters of a requested run, among the files that its job fetched.
import { PermanentError } from '../errors.ts';
import type { Parameters } from '../pipelines/requests.ts';
import { requestContent } from '../requests/entry.ts';
import { PARAMETERS_ROLE } from '../requests/names.ts';
import type { InputFile } from './input.ts';

/** Throws `PermanentError` when the run has none: it was not requested, or its content was erased. */
export function parametersIn(files: readonly InputFile[]): Parameters {
  const file = files.find(({ role }) => role === PARAMETERS_ROLE);
  if (file === undefined)
    throw new PermanentError(`the input has no file of the role ${PARAMETERS_ROLE}`, {
      code: 'INPUT_MISMATCH',
    });
  const content = requestContent.parse(JSON.parse(file.bytes.toString('utf8')));
  if (content.kind === 'content') return content.parameters;
  throw new PermanentError(`the content of the request was erased at ${content.at}`, {
    code: 'INPUT_MISMATCH',
  });
}
