import { z } from 'zod';
import { readEnvironment } from '../config/environment.ts';
import type { ProgramDependencies } from './dependencies.ts';
import { type ClientOptions, reachGateway } from './gateway-request.ts';
import { table } from './table.ts';

/** `passerelle user`: people who sign in (docs/access.md). No password passes here: each is chosen by who has the link. */

const User = z.object({
  id: z.string(),
  login: z.string().nullable(),
  name: z.string(),
  status: z.enum(['active', 'invited', 'disabled']),
  scopes: z.array(z.string()),
  organization: z.string().nullable(),
  secondFactor: z.boolean(),
  signedInAt: z.string().nullable(),
});
const Users = z.object({ people: z.array(User) });
const Invited = User.extend({ invitation: z.object({ url: z.string(), expiresAt: z.string() }) });

export type UserOptions = ClientOptions & {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly organization: string | undefined;
};

export async function addUser(
  dependencies: ProgramDependencies,
  login: string,
  { name, scopes, organization, ...options }: UserOptions,
): Promise<void> {
  const gateway = await reachGateway(readEnvironment(dependencies.variables), options);
  const body = {
    login,
    name,
    scopes: scopes.flatMap((each) => each.split(/[ ,]+/).filter((scope) => scope !== '')),
    ...(organization === undefined ? {} : { organization }),
  };
  tellLink(dependencies, Invited.parse(await gateway.ask('POST', '/api/people', body)));
}

/** @param user its login or its id. */
export async function resetPassword(
  dependencies: ProgramDependencies,
  user: string,
  options: ClientOptions,
): Promise<void> {
  const gateway = await reachGateway(readEnvironment(dependencies.variables), options);
  const answer = await gateway.ask('POST', `/api/people/${encodeURIComponent(user)}/reset-password`);
  tellLink(dependencies, Invited.parse(answer));
}

/** Only the link goes to standard output. */
function tellLink(
  { stdout, stderr }: ProgramDependencies,
  { login, name, invitation }: z.output<typeof Invited>,
): void {
  stderr.write(
    `${name} (${login}) chooses a password by this link, once, until ${invitation.expiresAt}. ` +
      'Give it to nobody else; this is the only time that it is shown:\n',
  );
  stdout.write(`${invitation.url}\n`);
}

const HEADER = ['LOGIN', 'NAME', 'STATUS', 'SECOND FACTOR', 'LAST SIGN-IN', 'ORGANIZATION', 'SCOPES', 'ID'];

export async function listUsers(
  { variables, stdout }: ProgramDependencies,
  options: ClientOptions,
): Promise<void> {
  const gateway = await reachGateway(readEnvironment(variables), options);
  const { people } = Users.parse(await gateway.ask('GET', '/api/people'));
  if (people.length === 0) {
    stdout.write('nobody was added: passerelle user add <login> --name <name> --scope <scope>\n');
    return;
  }
  const rows = people.map(({ login, name, status, secondFactor, signedInAt, organization, scopes, id }) => [
    login ?? '(provider)',
    name,
    status,
    secondFactor ? 'yes' : 'no',
    signedInAt ?? 'never',
    organization ?? 'all',
    scopes.join(' '),
    id,
  ]);
  stdout.write(`${table(HEADER, rows, new Set())}\n`);
}

/** What is done to somebody, and what is told then. */
export const USER_CHANGES = {
  disable: 'is disabled: nobody signs in by this account, and its sessions are ended',
  enable: 'may sign in again',
  'sign-out': 'is signed out everywhere',
  'reset-second-factor':
    'has no second factor any more, and is signed out: where one is demanded it is set up at the next sign-in',
} as const;

/** @param user its login or its id. */
export async function changeUser(
  { variables, stdout }: ProgramDependencies,
  change: keyof typeof USER_CHANGES,
  user: string,
  options: ClientOptions,
): Promise<void> {
  const gateway = await reachGateway(readEnvironment(variables), options);
  const answer = await gateway.ask('POST', `/api/people/${encodeURIComponent(user)}/${change}`);
  const { name, login, id } = User.parse(answer);
  stdout.write(`${name} (${login ?? id}) ${USER_CHANGES[change]}\n`);
}
