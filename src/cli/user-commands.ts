import type { Command } from 'commander';
import type { ProgramDependencies } from './dependencies.ts';
import { addUser, changeUser, listUsers, resetPassword, type USER_CHANGES } from './users.ts';

type Reaching = { readonly url?: string; readonly token?: string };
type Adding = Reaching & {
  readonly name: string;
  readonly scope: readonly string[];
  readonly organization?: string;
};

const clientOf = ({ url, token }: Reaching) => ({ url, token });

const CHANGES: readonly (readonly [name: keyof typeof USER_CHANGES, description: string])[] = [
  ['disable', 'let somebody sign in no more, and end their sessions'],
  ['enable', 'let somebody sign in again'],
  ['sign-out', 'end the sessions of somebody'],
  ['reset-second-factor', 'take away the codes and passkeys of somebody who has lost them'],
];

/** `user add|list|disable|…`. @param toGateway adds how the gateway is reached. */
export function addUserCommands(
  program: Command,
  dependencies: ProgramDependencies,
  toGateway: (command: Command) => Command,
): void {
  const user = program
    .command('user')
    .description(
      'people who sign in: add, list, disable, enable, sign-out, reset-password, reset-second-factor',
    );
  toGateway(user.command('add <login>'))
    .description('add somebody, by e-mail or user name, and print the link by which they choose a password')
    .requiredOption('--name <name>', 'as people call them')
    .requiredOption('--scope <scopes...>', 'what they may, as system/Slot.rs (docs/access.md)')
    .option('--organization <id>', 'they see nothing of any other (default: all)')
    .action((login: string, options: Adding) =>
      addUser(dependencies, login, {
        ...clientOf(options),
        name: options.name,
        scopes: options.scope,
        organization: options.organization,
      }),
    );
  toGateway(user.command('list'))
    .description('everybody who may sign in')
    .action((options: Reaching) => listUsers(dependencies, clientOf(options)));
  toGateway(user.command('reset-password <login-or-id>'))
    .description('take the password of somebody away, and print the link by which they choose another')
    .action((login: string, options: Reaching) => resetPassword(dependencies, login, clientOf(options)));
  for (const [name, description] of CHANGES) {
    toGateway(user.command(`${name} <login-or-id>`))
      .description(description)
      .action((login: string, options: Reaching) => changeUser(dependencies, name, login, clientOf(options)));
  }
}
