import { expect } from 'chai';
import pg from 'pg';
import { type Database, type Queryable, sqlState } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openPostgres, type PostgresLimits } from '../../src/store/postgres.ts';
import { freshPostgres, hasPostgres, type OpenDatabase } from '../support/databases.ts';
import { requireServer, until } from '../support/servers.ts';
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.ts';

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

describe('a PostgreSQL that falls silent', () => {
  const LIMITS: PostgresLimits = {
    connectMilliseconds: 200,
    statementMilliseconds: 800,
    answerMilliseconds: 1_000,
    idleTransactionMilliseconds: 400,
  };
  /** Both limits one after the other, and a slow machine. */
  const HEARD_MILLISECONDS = 1_800;
  let opened: OpenDatabase & { readonly url: string };
  let proxy: TcpProxy;
  let database: Database;

  before(
    requireServer('PostgreSQL', hasPostgres, async () => {
      opened = await freshPostgres();
    }),
  );
  after(() => opened?.drop());
  beforeEach(async () => {
    proxy = await tcpProxy(opened.url);
    database = openPostgres(proxy.url, { onError: () => undefined, limits: LIMITS });
    await database.query('select 1');
  });
  afterEach(async () => {
    await database.close();
    await proxy.cut();
  });

  /** How long it took to fail, ms. */
  async function failing(work: Promise<unknown>): Promise<number> {
    const began = performance.now();
    const failure = await work.then(
      () => null,
      (error: Error) => error,
    );
    expect(failure).to.be.instanceOf(Error);
    return performance.now() - began;
  }
  const one = () => database.query('select 1 as one');

  it('fails the statement that waits for it, and the next goes by a new connection', async () => {
    const waiting = failing(database.query('select pg_sleep(0.2)'));
    proxy.freeze();
    proxy.thaw();
    expect(await waiting).to.be.within(LIMITS.answerMilliseconds - 50, HEARD_MILLISECONDS);
    expect(await one()).to.deep.equal([{ one: 1 }]);
  });

  it('in a transaction, fails it, and the server frees what it had locked', async () => {
    await database.script('create table if not exists silent (id integer primary key)');
    const took = await failing(
      database.transaction(async (on) => {
        await on.query('insert into silent values (1)');
        proxy.freeze();
        proxy.thaw();
        await on.query('select 1');
      }),
    );
    expect(took).to.be.below(HEARD_MILLISECONDS);
    // It would wait for the first writer, which is gone without a word.
    await opened.database.query('insert into silent values (1)');
    expect(await one()).to.deep.equal([{ one: 1 }]);
  });

  it('while nothing new gets through either, fails one after the other, and goes on when it is back', async () => {
    proxy.freeze();
    for (const _ of [1, 2, 3]) expect(await failing(one())).to.be.below(HEARD_MILLISECONDS);
    proxy.thaw();
    await until('it answers', async () => (await one()).length === 1);
  });

  it('ends a statement that takes too long by the server’s own word, but not a migration', async () => {
    const state = await database.query('select pg_sleep(5)').catch((error: unknown) => sqlState(error));
    // query_canceled
    expect(state).to.equal('57014');
    const other = opened.database.transaction(async (on) => {
      await on.script('select pg_advisory_xact_lock(7270001)');
      await new Promise((resolve) => setTimeout(resolve, LIMITS.answerMilliseconds + 300));
    });
    expect(await migrate(database)).to.deep.equal([]);
    await other;
  });
});
