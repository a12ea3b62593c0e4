// The errors that Drive words in its own way.
import { ApiError } from '../http/errors.ts';

/** Also what Drive answers for a file that is there and not shared with the caller. */
export const noSuchFile = (id: string) => new ApiError(404, 'notFound', `File not found: ${id}.`, 'fileId');

export const invalidValue = (parameter: string) => new ApiError(400, 'invalid', 'Invalid Value', parameter);
