import { expect } from 'chai';
import pg from 'pg';
import { type Database, type Queryable, sqlState } from '../../src/store/database.ts';
import { freshPostgres, hasPostgres, type OpenDatabase } from '../support/databases.ts';
import { requireServer } from '../support/servers.ts';

describe('a connection to PostgreSQL that is lost', () => {
  let opened: OpenDatabase & { readonly url: string };
  let database: Database;
  let administrator: pg.Client;

  before(
    requireServer('PostgreSQL', hasPostgres, async () => {
      opened = await freshPostgres();
      database = opened.database;
      administrator = new pg.Client({ connectionString: opened.url });
      await administrator.connect();
    }),
  );
  after(async () => {
    await administrator?.end();
    await opened?.drop();
  });

  const backend = async (on: Queryable): Promise<number> =>
    (await on.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid ?? 0;
  const terminate = (pid: number) => administrator.query('select pg_terminate_backend($1, 5000)', [pid]);

  it('in a transaction, between two statements, fails it and nothing else', async () => {
    const failure = await database
      .transaction(async (on) => {
        await terminate(await backend(on));
        // The loss is heard in a turn of its own, in which no statement is under way.
        await new Promise((resolve) => setTimeout(resolve, 50));
        return on.query('select 1');
      })
      .then(
        () => null,
        (error: Error) => error,
      );
    expect(failure).to.be.instanceOf(Error);
    expect(await database.query('select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it('in a statement of a transaction, fails it and nothing else', async () => {
    const failure = await database
      .transaction(async (on) => {
        const pid = await backend(on);
        const statement = on.query('select pg_sleep(20)');
        await Promise.all([statement, terminate(pid)]);
      })
      .catch((error: unknown) => sqlState(error));
    // admin_shutdown
    expect(failure).to.equal('57P01');
    expect(await database.query('select 1 as one')).to.deep.equal([{ one: 1 }]);
  });
});
