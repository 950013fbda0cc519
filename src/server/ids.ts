import type { Directory } from '../domain/directory.ts';
import { Refused } from '../fhir/outcomes.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id in a path, as the database takes one. @throws what `unknown` makes: what is no id of ours names nothing. */
export function idIn(given: string, unknown: () => Refused): string {
  if (UUID.test(given)) return given;
  throw unknown();
}

/** The id of a connection in a path. @throws Refused where none has it. */
export function connectionIn({ entries }: Directory, given: string): string {
  if (entries.connections.some(({ id }) => id === given)) return given;
  throw new Refused('not-found', {
    diagnostics: {
      fr: 'aucune connexion n’a cet id : voyez GET /api/status',
      en: 'no connection has this id: see GET /api/status',
    },
  });
}
