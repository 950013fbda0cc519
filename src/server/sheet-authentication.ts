import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../access/authenticator.ts';
import type { People } from '../access/people/people.ts';
import type { Principal } from '../domain/access.ts';
import type { Clock } from '../domain/environment.ts';
import { SECOND } from '../domain/instant.ts';
import { Refused } from '../fhir/outcomes.ts';
import { type Authenticate, bearer } from './authentication.ts';
import { withSessions } from './sign-in/session-caller.ts';

/**
 * Who asks for the contingency sheet, also while the database does not answer: then whom this process found in it lately, by the
 * very same credential. The sheet is all that they get by it (docs/decisions/0034).
 */

export type SheetAuthenticationDependencies = {
  /** As everything else is asked. */
  readonly authenticate: Authenticate;
  readonly authenticator: Pick<Authenticator, 'recentPrincipalOf'>;
  readonly people: Pick<People, 'recent' | 'mac'>;
  readonly isCutOff: () => boolean;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly publicUrl: string | null;
};

/** A database that falls silent is not waited for while somebody stands at the desk. */
const ANSWER_MILLISECONDS = 3 * SECOND;

const SHEET = /^\/api\/contingency(\.csv|\.pdf)?\/?(\?|$)/i;

export const isSheet = ({ method, url = '' }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && SHEET.test(url);

export function withSheetAuthentication(dependencies: SheetAuthenticationDependencies): Authenticate {
  const { authenticate, authenticator, people, isCutOff, clock, publicUrl } = dependencies;
  const recent = withSessions(
    bearer({ principalOf: authenticator.recentPrincipalOf }),
    { signIn: people.recent, mac: people.mac },
    publicUrl,
  );

  async function ofSheet(request: IncomingMessage): Promise<Principal> {
    if (isCutOff()) return recent(request);
    const done = new AbortController();
    const late = clock.sleep(ANSWER_MILLISECONDS, done.signal).then(
      () => null,
      () => null,
    );
    try {
      const found = await Promise.race([authenticate(request), late]);
      return found ?? recent(request);
    } catch (error) {
      // Who is refused stays refused; anything else is the database.
      if (error instanceof Refused) throw error;
      return recent(request);
    } finally {
      done.abort();
    }
  }
  return (request) => (isSheet(request) ? ofSheet(request) : authenticate(request));
}
