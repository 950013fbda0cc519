import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import type { Configuration } from '../../src/config/read-configuration.ts';
import { startGateway } from '../../src/gateway.ts';
import { keepRowsYoung } from '../../src/system/heap.ts';
import type { DatabaseUrl } from '../database.ts';
import { ready } from './child.ts';

export type ServeTask = {
  readonly databaseUrl: DatabaseUrl;
  /** Empty. */
  readonly dataFolder: string;
  readonly token: string;
};

const LOOK_MILLISECONDS = 100;
const LOOKS_MAX = 600;

/** Runs Passerelle as it is, and says that it is ready when every connection has been read. */
export async function serve(
  { databaseUrl, dataFolder, token }: ServeTask,
  configuration: Configuration,
): Promise<void> {
  // As src/main.ts does.
  keepRowsYoung();
  await writeFile(join(dataFolder, 'admin-token'), `${token}\n`, { mode: 0o600 });
  const { url } = await startGateway({
    environment: {
      port: 0,
      host: '127.0.0.1',
      dataFolder,
      configurationFile: null,
      databaseUrl,
      redisUrl: null,
      key: null,
      publicUrl: null,
      previousKeys: [],
      logLevel: 'silent',
    },
    role: 'both',
    configuration,
    onEvent: () => undefined,
    logger: pino({ level: 'silent' }),
  });
  for (let look = 0; (await fetch(`${url}/readyz`)).status !== 200; look += 1) {
    if (look === LOOKS_MAX) throw new Error('Passerelle does not get ready');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
  }
  ready(url);
}
