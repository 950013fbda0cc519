import type { Command } from 'commander';
import type { ProgramDependencies } from './dependencies.ts';

type Verifying = {
  readonly only?: readonly string[];
  readonly json?: string;
  readonly html?: string;
  readonly record?: string;
  readonly keep: boolean;
};

/** `adapter verify|list`. What they need is loaded when they are called: a gateway that serves has no use for it. */
export function addAdapterCommands(program: Command, dependencies: ProgramDependencies): void {
  const adapter = program
    .command('adapter')
    .description('adapters: which there are, and whether they keep the contract');
  adapter
    .command('list')
    .description('the platforms, how their contract is known, and the grade of each')
    .action(async () => (await import('./adapter-list.ts')).listAdapters(dependencies));
  adapter
    .command('verify <adapter>')
    .description('run the conformance suite: on one of ours by its id, on a folder, or on a package')
    .option('--only <cases...>', 'these cases only')
    .option('--json <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as a page')
    .option('--record <file>', 'keep what the platform answers, to be played back without it')
    .option('--keep', 'keep the report beside the adapter, as conformance.json', false)
    .action(async (named: string, { only, json, html, record, keep }: Verifying) =>
      (await import('./adapter-verify.ts')).verifyAdapter(dependencies, named, {
        only,
        json,
        html,
        record,
        keep,
      }),
    );
}
