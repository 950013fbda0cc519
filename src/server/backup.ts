import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Router } from 'express';
import { SECOND } from '../domain/instant.ts';
import type { TakeBackup } from '../engine/ports/backup.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import * as routes from './contract/upkeep.ts';
import { mountRaw } from './mount.ts';

/** A client that takes nothing for so long is gone. */
const IDLE_MILLISECONDS = 60 * SECOND;

/**
 * `GET /api/backup`: the embedded database, for `passerelle backup`, since nobody else can read it while it is in use.
 * @param takeBackup null where the database is PostgreSQL, which has tools of its own.
 */
export function backup(takeBackup: TakeBackup | null, audit: Audit): Router {
  const router = express.Router();
  mountRaw(router, routes.takeBackup, async ({ request }, response) => {
    if (!takeBackup) throw notEmbedded();
    await audit(request, { type: 'backup.made', action: 'R' });
    const { byteLength, chunks } = await takeBackup();
    response.setTimeout(IDLE_MILLISECONDS, () => response.destroy());
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': byteLength,
      'cache-control': 'no-store',
    });
    // Who leaves early has less than was announced, and knows by that.
    await pipeline(Readable.from(chunks), response).catch(() => response.destroy());
  });
  return router;
}

const notEmbedded = (): Refused =>
  new Refused('not-found', {
    diagnostics: {
      fr: 'la base de données est PostgreSQL : sauvegardez-la avec pg_dump (docs/operations.md)',
      en: 'the database is PostgreSQL: back it up with pg_dump (docs/operations.md)',
    },
  });
