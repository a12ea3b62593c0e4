// The Drive v3 API over the local folder.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../http/errors.ts';
import { parseFields } from '../http/fields.ts';
import type { Authorize } from '../iam/authorize.ts';
import { contentAnswer } from './content-answer.ts';
import type { Drive } from './drive.ts';
import { noSuchFile } from './errors.ts';
import { Parameters } from './parameters.ts';
import {
  CHANGE_LIST,
  CHANGE_LIST_BY_DEFAULT,
  FILE,
  FILE_BY_DEFAULT,
  FILE_LIST,
  FILE_LIST_BY_DEFAULT,
  START_PAGE_TOKEN,
} from './shapes.ts';

const DRIVES = ['driveId', 'supportsAllDrives', 'includeItemsFromAllDrives'];

/** Adds `/drive/v3/files...` and `/drive/v3/changes...` to the API. */
export function driveRoutes(app: FastifyInstance, drive: Drive, authorize: Authorize): void {
  fileRoutes(app, drive, authorize);
  changeRoutes(app, drive, authorize);
}

function fileRoutes(app: FastifyInstance, drive: Drive, authorize: Authorize): void {
  const shared = sharedBy(drive, authorize);

  app.get('/drive/v3/files', async (request) => {
    const known = ['alt', 'fields', 'q', 'pageSize', 'pageToken', 'orderBy', 'corpora', 'spaces', ...DRIVES];
    const parameters = new Parameters(request.query, known);
    parameters.choice('alt', 'json');
    parameters.choice('spaces', 'drive');
    const mask = parseFields(parameters.text('fields') ?? FILE_LIST_BY_DEFAULT, FILE_LIST);
    const corpora = parameters.choice('corpora', 'user', 'drive', 'allDrives');
    if ((corpora === 'drive') !== (parameters.text('driveId') !== undefined)) {
      throw new ApiError(
        400,
        'invalid',
        'corpora=drive and driveId are given together or not at all',
        'driveId',
      );
    }
    checkDriveId(drive, parameters);
    const readable = shared.foldersWith(request);
    const asked = {
      q: parameters.text('q') ?? '',
      orderBy: parameters.text('orderBy'),
      pageSize: parameters.pageSize(),
      pageToken: parameters.text('pageToken'),
    };
    const page = await drive.list(asked, readable);
    const shown = isInView(drive, parameters) ? page : { files: [] };
    return mask({ kind: 'drive#fileList', incompleteSearch: false, ...shown });
  });

  app.get('/drive/v3/files/:fileId', async (request, reply) => {
    const { fileId } = request.params as { fileId: string };
    const parameters = new Parameters(request.query, [
      'alt',
      'fields',
      'supportsAllDrives',
      'acknowledgeAbuse',
    ]);
    const mask = parseFields(parameters.text('fields') ?? FILE_BY_DEFAULT, FILE);
    const alt = parameters.choice('alt', 'json', 'media');
    if (drive.driveId !== undefined && !parameters.flag('supportsAllDrives')) throw noSuchFile(fileId);
    shared.demandFile(request, fileId);
    if (alt === 'json') return mask(await drive.get(fileId));
    return contentAnswer(request, reply, await drive.download(fileId));
  });

  app.get('/drive/v3/files/:fileId/export', async (request, reply) => {
    const { fileId } = request.params as { fileId: string };
    // The real method has no `supportsAllDrives`: it exports from shared drives without being asked to.
    const parameters = new Parameters(request.query, ['alt', 'mimeType', 'supportsAllDrives']);
    parameters.choice('alt', 'json', 'media');
    shared.demandFile(request, fileId);
    return contentAnswer(request, reply, await drive.export(fileId, parameters.required('mimeType')));
  });
}

function changeRoutes(app: FastifyInstance, drive: Drive, authorize: Authorize): void {
  const shared = sharedBy(drive, authorize);

  app.get('/drive/v3/changes/startPageToken', async (request) => {
    const parameters = new Parameters(request.query, ['alt', 'fields', 'driveId', 'supportsAllDrives']);
    parameters.choice('alt', 'json');
    const mask = parseFields(parameters.text('fields') ?? '*', START_PAGE_TOKEN);
    checkDriveId(drive, parameters);
    const startPageToken = await drive.startPageToken(shared.foldersWith(request));
    return mask({ kind: 'drive#startPageToken', startPageToken });
  });

  app.get('/drive/v3/changes', async (request) => {
    const known = ['alt', 'fields', 'pageToken', 'pageSize', 'spaces', 'includeRemoved', 'restrictToMyDrive'];
    const parameters = new Parameters(request.query, [...known, ...DRIVES]);
    parameters.choice('alt', 'json');
    parameters.choice('spaces', 'drive');
    const mask = parseFields(parameters.text('fields') ?? CHANGE_LIST_BY_DEFAULT, CHANGE_LIST);
    checkDriveId(drive, parameters);
    const readable = shared.foldersWith(request);
    const list = await drive.changes(parameters.required('pageToken'), parameters.pageSize(), readable);
    const inView = isInView(drive, parameters) && !(drive.driveId && parameters.flag('restrictToMyDrive'));
    const withRemoved = parameters.flag('includeRemoved', true);
    const changes = list.changes.filter((change) => inView && (withRemoved || !change.removed));
    return mask({ kind: 'drive#changeList', ...list, changes });
  });
}

/** Drive does not say that a thing is there to an identity with which it is not shared. */
function sharedBy(drive: Drive, authorize: Authorize) {
  const isShared = ({ caller }: FastifyRequest, permission: string, folderId: string): boolean => {
    try {
      authorize(caller, permission, `drive/folders/${folderId}`);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 403) return false;
      throw error;
    }
  };
  return {
    /** The folders that the caller may list; 404 where there is none. */
    foldersWith(request: FastifyRequest): readonly string[] {
      const folders = drive.folderIds.filter((id) => isShared(request, 'drive.files.list', id));
      if (folders.length === 0) throw noSuchFile('');
      return folders;
    },
    demandFile(request: FastifyRequest, fileId: string): void {
      const folderId = drive.folderOf(fileId);
      if (folderId === undefined || !isShared(request, 'drive.files.get', folderId)) throw noSuchFile(fileId);
    },
  };
}

/** Things in a shared drive are shown only to a client that sets both parameters for shared drives. */
function isInView(drive: Drive, parameters: Parameters): boolean {
  const asked = parameters.flag('supportsAllDrives') && parameters.flag('includeItemsFromAllDrives');
  return drive.driveId === undefined || asked;
}

function checkDriveId(drive: Drive, parameters: Parameters): void {
  const driveId = parameters.text('driveId');
  if (driveId === undefined || driveId === drive.driveId) return;
  throw new ApiError(404, 'notFound', `Shared drive not found: ${driveId}`, 'driveId');
}
