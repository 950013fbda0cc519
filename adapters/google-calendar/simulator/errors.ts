import type { SimReply } from '../../../src/adapter/simulator/router.ts';

/** Errors in the form of Google's «Handle API errors». */

const problem = (code: number, domain: string, reason: string, message: string): SimReply => ({
  status: code,
  body: { error: { errors: [{ domain, reason, message }], code, message } },
});

export const UNAUTHORIZED = problem(401, 'global', 'authError', 'Invalid Credentials');
export const NOT_FOUND = problem(404, 'global', 'notFound', 'Not Found');
export const DUPLICATE = problem(409, 'global', 'duplicate', 'The requested identifier already exists.');
export const DELETED = problem(410, 'global', 'deleted', 'Resource has been deleted');
export const CONDITION = problem(412, 'global', 'conditionNotMet', 'Precondition Failed');
export const FULL_SYNC = problem(
  410,
  'calendar',
  'fullSyncRequired',
  'Sync token is no longer valid, a full sync is required.',
);
export const invalid = (message: string): SimReply => problem(400, 'global', 'invalid', message);
export const RESTRICTED = problem(
  400,
  'global',
  'syncTokenWithRequestRestrictions',
  'Sync token cannot be used with other request restrictions.',
);
/** Of what this simulator does not play. */
export const UNPLAYED = problem(501, 'simulator', 'notPlayed', 'This simulator does not play that.');
