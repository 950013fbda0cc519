import { text } from 'node:stream/consumers';
import { readEnvironment } from '../config/environment.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { connectToGateway } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';

/**
 * `passerelle patient export | erase`: one person, by a health insurance number or the id of a Patient on standard input.
 * What is given as an argument is seen by everybody on the machine, and kept by the shell.
 */

export async function exportPatient(
  dependencies: ProgramDependencies,
  options: ClientOptions,
): Promise<void> {
  const { variables, stdout, stderr } = dependencies;
  const client = await connectToGateway(readEnvironment(variables), options);
  const bundle = await client.exportPatient(await whoIn(dependencies));
  stderr.write(
    'What follows is personal data: hand it to the person it is about, and delete what you saved.\n',
  );
  stdout.write(`${bundle}\n`);
}

export async function erasePatient(dependencies: ProgramDependencies, options: ClientOptions): Promise<void> {
  const { variables, stdout } = dependencies;
  const client = await connectToGateway(readEnvironment(variables), options);
  const { patients, appointments, waiting, rejected } = await client.erasePatient(await whoIn(dependencies));
  stdout.write(
    patients.length === 0
      ? 'nobody is kept here under this number or id\n'
      : `erased: ${patients.join(', ')}; ${appointments} appointments name nobody any more\n`,
  );
  if (rejected > 0) stdout.write(`erased: what ${rejected} records were that could not be read\n`);
  if (waiting > 0) {
    stdout.write(
      `${waiting} bookings are still to be told to their platform: who comes is erased as soon as that is done, or their time is over\n`,
    );
  }
  stdout.write('Platforms, backups and whoever was told keep what they have: ask them too\n');
}

async function whoIn({ stdin }: ProgramDependencies): Promise<string> {
  const who = (await text(stdin)).trim();
  if (who !== '') return who;
  throw new CommandFailure(
    'give a health insurance number or the id of a Patient on standard input, such as: passerelle patient export < file',
  );
}
