import { createServer } from 'node:http';
import { runProgram } from '../../src/cli/program.ts';
import { instant } from '../../src/domain/instant.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { allAdapters } from '../config/adapters.ts';
import { createLoader } from '../support/loader.ts';

/** `passerelle serve` with a gateway that only listens, as a process of its own for tests that end it by a signal. */

const opensNothing = (): never => {
  throw new Error('serve opens nothing offline');
};

process.exitCode = await runProgram(
  {
    adapters: await allAdapters(),
    mappings: { platforms: () => [], tables: () => [], codeSystems: () => [] },
    loadAdapters: createLoader(),
    variables: process.env,
    clock: systemEnvironment.clock,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    openOffline: opensNothing,
    backups: { take: opensNothing, keep: opensNothing, restore: opensNothing },
    openSheets: opensNothing,
    startGateway: async ({ environment, configuration, onEvent }) => {
      for (const { id } of configuration.connections) {
        const counts = { complete: true, rows: 0, slotsChanged: 0, slotsRemoved: 0, rejected: 0 };
        onEvent({ type: 'feed.read', at: instant(Date.now()), connectionId: id, feedId: '*', ...counts });
      }
      const server = createServer((_request, response) => response.end());
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(environment.port, environment.host, resolve);
      });
      return {
        url: `http://${environment.host}:${environment.port}`,
        close: () =>
          new Promise((resolve) => {
            console.log('closing');
            // Long enough for a second signal to come first, where a test sends one.
            setTimeout(() => server.close(() => resolve()), Number(process.env['CLOSE_MILLISECONDS'] ?? 0));
          }),
      };
    },
  },
  process.argv,
);
