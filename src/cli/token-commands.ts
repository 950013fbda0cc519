import type { Command } from 'commander';
import type { ProgramDependencies } from './dependencies.ts';
import { createToken, listTokens, revokeToken } from './tokens.ts';

type Reaching = { readonly url?: string; readonly token?: string };
type Making = Reaching & {
  readonly scope: readonly string[];
  readonly organization?: string;
  readonly expires: string;
};

const clientOf = ({ url, token }: Reaching) => ({ url, token });

/** `token create|list|revoke`. @param toGateway adds how the gateway is reached. */
export function addTokenCommands(
  program: Command,
  dependencies: ProgramDependencies,
  toGateway: (command: Command) => Command,
): void {
  const token = program
    .command('token')
    .description('tokens for programs that call this gateway: create, list, revoke');
  toGateway(token.command('create <name>'))
    .description('make a token, and show it once')
    .requiredOption('--scope <scopes...>', 'what it may, as system/Slot.rs (docs/access.md)')
    .option('--organization <id>', 'it sees nothing of any other (default: all)')
    .option('--expires <time>', 'for how long it is good, as 90d or 12h', '90d')
    .action((name: string, options: Making) =>
      createToken(dependencies, name, {
        ...clientOf(options),
        scopes: options.scope,
        organization: options.organization,
        expires: options.expires,
      }),
    );
  toGateway(token.command('list'))
    .description('all tokens that were made, without the tokens themselves')
    .action((options: Reaching) => listTokens(dependencies, clientOf(options)));
  toGateway(token.command('revoke <name-or-id>'))
    .description('take a token out of use')
    .action((name: string, options: Reaching) => revokeToken(dependencies, name, clientOf(options)));
}
