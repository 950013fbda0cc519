import express, { type Router } from 'express';
import { formatInstant } from '../domain/instant.ts';
import type { Keys } from '../engine/ports/keys.ts';
import type { Audit } from './auditing.ts';
import { answerAsItGoes } from './ndjson.ts';

/** Which keys there are, never what they are, and to change them. */

export type KeysDependencies = {
  readonly keys: Keys;
  readonly report: (error: unknown) => string;
  readonly audit: Audit;
};

export function keysApi({ keys, report, audit }: KeysDependencies): Router {
  const router = express.Router();

  router.get('/api/keys', async (_request, response) => {
    const found = await keys.list();
    response.json({
      keys: found.map((key) => ({
        ...key,
        createdAt: formatInstant(key.createdAt),
        activeAt: formatInstant(key.activeAt),
      })),
    });
  });

  router.post('/api/keys/rotate', async (request, response) => {
    await audit(request, { type: 'key.changed', action: 'E' });
    await answerAsItGoes(
      response,
      async (progress) => ({ outcome: 'done', ...(await keys.rotate(progress)) }),
      report,
    );
  });

  return router;
}
