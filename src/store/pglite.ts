import { mkdir } from 'node:fs/promises';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import type { Database, Queryable, Row } from './database.ts';

/** PostgreSQL inside of the process. @param folder where its data lives; null = in memory, for tests. */
export async function openPglite(folder: string | null): Promise<Database> {
  if (folder !== null) await mkdir(folder, { recursive: true, mode: 0o700 });
  const lite = await PGlite.create({
    ...(folder === null ? {} : { dataDir: folder }),
    extensions: { btree_gist },
  });
  const on = (client: PGlite | Transaction): Queryable => ({
    query: async <T extends Row>(text: string, parameters: readonly unknown[] = []) =>
      (await client.query<T>(text, [...parameters])).rows,
    script: async (text) => {
      await client.exec(text);
    },
  });
  return {
    ...on(lite),
    transaction: (work) => lite.transaction((transaction) => work(on(transaction))),
    close: () => lite.close(),
  };
}
