import type { Command } from 'commander';
import type { NewOptions } from './adapter-new.ts';
import type { ProgramDependencies } from './dependencies.ts';

const UNSAID: NewOptions = {
  folder: undefined,
  titleFr: undefined,
  titleEn: undefined,
  kind: undefined,
  contract: undefined,
  pull: undefined,
  operations: undefined,
  lowCode: false,
};

type Verifying = {
  readonly only?: readonly string[];
  readonly json?: string;
  readonly html?: string;
  readonly record?: string;
  readonly keep: boolean;
};

/** `adapter new|verify|list`. What they need is loaded when they are called: a gateway that serves has no use for it. */
export function addAdapterCommands(program: Command, dependencies: ProgramDependencies): void {
  const adapter = program
    .command('adapter')
    .description('adapters: which there are, and whether they keep the contract');
  adapter
    .command('list [adapters...]')
    .description(
      'the platforms, how their contract is known, and the grade of each; also of those that are named',
    )
    .action(async (named: readonly string[]) =>
      (await import('./adapter-list.ts')).listAdapters(dependencies, named),
    );
  adapter
    .command('new <id>')
    .description(
      'begin an adapter: a package that compiles and runs the suite, red where the platform is not known',
    )
    .option('--low-code', 'a description in YAML rather than a package: no code', false)
    .option('--folder <path>', 'where (default: passerelle-adapter-<id>)')
    .option('--title-fr <text>', 'its name in French')
    .option('--title-en <text>', 'its name in English')
    .option('--kind <kind>', 'private, public or standard')
    .option('--contract <how>', 'how its contract is known: published, observed or assumed')
    .option('--pull <how>', 'snapshot: each reading is whole; delta: it goes on from a cursor')
    .option('--operations <names...>', 'what can be written there; none = it is only read')
    .action(async (id: string, options: Partial<NewOptions>) =>
      (await import('./adapter-new.ts')).newAdapter(dependencies, id, { ...UNSAID, ...options }),
    );
  adapter
    .command('verify <adapter>')
    .description(
      'run the conformance suite: on one of ours by its id, on a folder, a description or a package',
    )
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
