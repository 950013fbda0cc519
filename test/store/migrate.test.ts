import { expect } from 'chai';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import { entries } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

describe('migration', () => {
  onEachDatabase((open) => {
    const names = () => open().query<{ name: string }>('select name from schema_migration order by name');

    it('has run every file once, in order, and does nothing the second time', async () => {
      const before = await names();
      expect(before.map((row) => row.name)).to.include.ordered.members(['0001_time.sql', '0002_mirror.sql']);
      await createStore(open()).applyDirectory(entries(), []);
      expect(await migrate(open())).to.deep.equal([]);
      expect(await names()).to.deep.equal(before);
      expect(await open().query('select id from schedule order by id')).to.deep.equal([
        { id: 'doctor-here' },
        { id: 'walk-in-here' },
      ]);
    });

    it('may be started by several processes at once', async () => {
      expect(await Promise.all([migrate(open()), migrate(open()), migrate(open())])).to.deep.equal([
        [],
        [],
        [],
      ]);
    });

    it('refuses a database of a newer version, and names what it does not know', async () => {
      await open().query('insert into schema_migration (name) values ($1)', ['9999_future.sql']);
      const refusal = await migrate(open()).then(
        () => null,
        (error: Error) => error.message,
      );
      expect(refusal).to.match(/newer version.*9999_future\.sql/);
      await open().query('delete from schema_migration where name = $1', ['9999_future.sql']);
      expect(await migrate(open())).to.deep.equal([]);
    });
  });
});
