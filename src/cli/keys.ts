import { readEnvironment } from '../config/environment.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { connectToGateway, type Rotated } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';
import { table } from './table.ts';

const HEADER = ['KEY', 'KIND', 'STATE', 'VALUES', 'IN USE SINCE', 'WRAPPED BY'];
const RIGHT = new Set([0, 3]);

/** `passerelle keys list`: which there are, and never what they are. */
export async function listKeys(
  { variables, stdout }: ProgramDependencies,
  options: ClientOptions,
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const rows = (await client.keys()).map((key) => [
    String(key.id),
    key.kind,
    key.state,
    String(key.values),
    key.activeAt,
    key.wrappedBy,
  ]);
  stdout.write(`${table(HEADER, rows, RIGHT)}\n`);
}

/** `passerelle keys rotate` */
export async function rotateKeys(
  { variables, stdout }: ProgramDependencies,
  options: ClientOptions,
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  stdout.write('new keys: every process learns of them before they are used, within a minute\n');
  const done = await client.rotateKeys((progress) => stdout.write(`${told(progress)}\n`));
  stdout.write(`done: ${told(done)}. The former keys are destroyed within hours, once nothing names them\n`);
  if (done.left > 0) {
    throw new CommandFailure(
      `${done.left} values cannot be opened, and stay as they are: the gateway's log says why. Their key stays too`,
    );
  }
}

const told = ({ sealed, hashed }: Rotated): string =>
  `${sealed} values sealed anew, ${hashed} hashes made anew`;
