// The fields that each answer of the local Drive may have, and those it has when nobody asks.
import type { Shape } from './fields.ts';

export const FILE: Shape = {
  kind: true,
  id: true,
  name: true,
  mimeType: true,
  parents: true,
  trashed: true,
  explicitlyTrashed: true,
  spaces: true,
  createdTime: true,
  modifiedTime: true,
  version: true,
  driveId: true,
  md5Checksum: true,
  size: true,
  headRevisionId: true,
  fileExtension: true,
  originalFilename: true,
  shortcutDetails: { targetMimeType: true },
  capabilities: { canDownload: true },
};
export const FILE_LIST: Shape = { kind: true, incompleteSearch: true, nextPageToken: true, files: FILE };
export const CHANGE_LIST: Shape = {
  kind: true,
  nextPageToken: true,
  newStartPageToken: true,
  changes: {
    kind: true,
    changeType: true,
    type: true,
    time: true,
    removed: true,
    fileId: true,
    driveId: true,
    file: FILE,
  },
};
export const START_PAGE_TOKEN: Shape = { kind: true, startPageToken: true };

// What Drive answers when `fields` is not given: little, and so every client asks.
export const FILE_BY_DEFAULT = 'kind,id,name,mimeType,driveId';
export const FILE_LIST_BY_DEFAULT = `kind,incompleteSearch,nextPageToken,files(${FILE_BY_DEFAULT})`;
export const CHANGE_LIST_BY_DEFAULT = `kind,nextPageToken,newStartPageToken,changes(kind,changeType,type,time,removed,fileId,file(${FILE_BY_DEFAULT}))`;
