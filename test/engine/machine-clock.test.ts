import { expect } from 'chai';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { type GatewayProcess, spawnGateway } from '../support/gateway-process.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { requireServer } from '../support/servers.ts';

describe('a gateway on a machine whose clock is an hour ahead', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;
  let drop: () => Promise<void> = async () => undefined;
  const processes: GatewayProcess[] = [];

  before(
    requireServer('PostgreSQL', hasPostgres, async () => {
      const { url, drop: dropDatabase } = await freshPostgres();
      drop = dropDatabase;
      clinic = await MirroredClinic.open({
        databaseUrl: url,
        launch: async (plan) => {
          const started = await spawnGateway(plan, HOUR);
          processes.push(started);
          return started;
        },
      });
    }),
  );
  after(async () => {
    await clinic?.close();
    await drop();
  });

  it("goes by the database's from its first reading on", () => {
    const off = processes.flatMap(({ events }) => events).map(({ at }) => Math.abs(at - Date.now()));
    expect(off).to.not.have.length(0);
    expect(Math.max(...off)).to.be.below(5 * MINUTE);
  });
});
