import { readEnvironment } from '../config/environment.ts';
import { CommandFailure, type ProgramDependencies, type StoredBackup } from './dependencies.ts';
import { connectToGateway } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';

/** `passerelle backup <file>` and `passerelle restore <file>`, of the embedded database. */

const NOT_IN_IT =
  'The keys are not in it. Keep apart from it: PASSERELLE_KEY or sealing-key, admin-token, and the configuration file.';

/** Asks the gateway where one runs or an address was given; else opens the data folder itself. */
export async function backup(
  { variables, stdout, backups }: ProgramDependencies,
  file: string,
  options: ClientOptions,
): Promise<void> {
  const environment = readEnvironment(variables);
  if (options.url === undefined) {
    refusePostgres(environment.databaseUrl, 'pg_dump --format=custom --file=passerelle.dump "$DATABASE_URL"');
  }
  const offline = options.url === undefined ? await backups.take(environment.dataFolder, file) : 'in use';
  const done = offline === 'in use' ? await fromGateway() : offline;
  stdout.write(`${file}: ${told(done)}\n${NOT_IN_IT}\n`);

  async function fromGateway(): Promise<StoredBackup> {
    const client = await connectToGateway(environment, options);
    return backups.keep(file, await client.backup());
  }
}

export async function restore(
  { variables, stdout, backups }: ProgramDependencies,
  file: string,
  { replace }: { readonly replace: boolean },
): Promise<void> {
  const { databaseUrl, dataFolder, key } = readEnvironment(variables);
  refusePostgres(databaseUrl, 'pg_restore --clean --if-exists --dbname="$DATABASE_URL" passerelle.dump');
  const { replaced, hasKey, ...done } = await backups.restore(dataFolder, file, { replace });
  stdout.write(`${dataFolder} has the database of ${file}: ${told(done)}\n`);
  if (replaced !== null) {
    stdout.write(`What was there before is in ${replaced}: delete it once you need it no more\n`);
  }
  if (key === null && !hasKey) {
    stdout.write(
      `There is no sealing-key in ${dataFolder}: put the one of that gateway there, or set PASSERELLE_KEY, before ` +
        'you start; without it the details of patients stay closed for good\n',
    );
  }
  stdout.write('Then: passerelle serve, and passerelle sync once it is ready, to read what happened since\n');
}

const told = ({ at, passerelle, schema }: StoredBackup): string =>
  `the database as it was at ${at} (Passerelle ${passerelle}, schema ${schema})`;

function refusePostgres(databaseUrl: string | null, command: string): void {
  if (databaseUrl === null) return;
  throw new CommandFailure(
    `DATABASE_URL is set: the database is PostgreSQL, which has its own tools, such as\n  ${command}\n` +
      'Unset it to work on the embedded database of PASSERELLE_DATA',
  );
}
