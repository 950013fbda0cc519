import { z } from 'zod';
import { readEnvironment } from '../config/environment.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { type ClientOptions, reachGateway } from './gateway-request.ts';
import { table } from './table.ts';

/** `passerelle token`: tokens for programs that cannot have keys of their own (docs/access.md). */

const Token = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(['active', 'expired', 'revoked']),
  scopes: z.array(z.string()),
  organization: z.string().nullable(),
  createdAt: z.string(),
  createdBy: z.string(),
  expiresAt: z.string(),
  usedAt: z.string().nullable(),
});
const Tokens = z.object({ tokens: z.array(Token) });
const Made = Token.extend({ token: z.string() });

export type TokenOptions = ClientOptions & {
  readonly scopes: readonly string[];
  readonly organization: string | undefined;
  /** As `90d` or `12h`. */
  readonly expires: string;
};

/** Only the token itself goes to standard output, so that it can be caught by a script. */
export async function createToken(
  { variables, stdout, stderr }: ProgramDependencies,
  name: string,
  { scopes, organization, expires, ...options }: TokenOptions,
): Promise<void> {
  const gateway = await reachGateway(readEnvironment(variables), options);
  const body = {
    name,
    scopes: scopes.flatMap((each) => each.split(/[ ,]+/).filter((scope) => scope !== '')),
    expiresInDays: daysIn(expires),
    ...(organization === undefined ? {} : { organization }),
  };
  const made = Made.parse(await gateway.ask('POST', '/api/tokens', body));
  stderr.write(
    `${made.name} (${made.id}) may ${made.scopes.join(' ')} until ${made.expiresAt}. ` +
      'This is the only time that the token is shown:\n',
  );
  stdout.write(`${made.token}\n`);
}

/** @throws CommandFailure */
function daysIn(text: string): number {
  const [, number, unit] = /^(\d{1,4})([dh])$/.exec(text) ?? [];
  if (number === undefined) throw new CommandFailure('--expires is written as 90d (days) or 12h (hours)');
  return Number(number) / (unit === 'h' ? 24 : 1);
}

const HEADER = ['NAME', 'STATUS', 'EXPIRES', 'LAST USED', 'ORGANIZATION', 'SCOPES', 'ID'];

/** The latest first. */
export async function listTokens(
  { variables, stdout }: ProgramDependencies,
  options: ClientOptions,
): Promise<void> {
  const gateway = await reachGateway(readEnvironment(variables), options);
  const { tokens } = Tokens.parse(await gateway.ask('GET', '/api/tokens'));
  if (tokens.length === 0) {
    stdout.write('no token was made: passerelle token create <name> --scope <scope>\n');
    return;
  }
  const rows = tokens.map(({ name, status, expiresAt, usedAt, organization, scopes, id }) => [
    name,
    status,
    expiresAt,
    usedAt ?? 'never',
    organization ?? 'all',
    scopes.join(' '),
    id,
  ]);
  stdout.write(`${table(HEADER, rows, new Set())}\n`);
}

/** @param token its name or its id. */
export async function revokeToken(
  { variables, stdout }: ProgramDependencies,
  token: string,
  options: ClientOptions,
): Promise<void> {
  const gateway = await reachGateway(readEnvironment(variables), options);
  const { name, id } = Token.parse(
    await gateway.ask('POST', `/api/tokens/${encodeURIComponent(token)}/revoke`),
  );
  stdout.write(`${name} (${id}) is revoked: it is taken no more, by other processes within five seconds\n`);
}
