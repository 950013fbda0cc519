import express, { type Router } from 'express';
import { formatInstant } from '../domain/instant.ts';
import type { Keys } from '../engine/ports/keys.ts';
import { answerAsItGoes } from './ndjson.ts';

/** Which keys there are, never what they are, and to change them. */

export type KeysDependencies = {
  readonly keys: Keys;
  readonly report: (error: unknown) => string;
};

export function keysApi({ keys, report }: KeysDependencies): Router {
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

  router.post('/api/keys/rotate', (_request, response) =>
    answerAsItGoes(
      response,
      async (progress) => ({ outcome: 'done', ...(await keys.rotate(progress)) }),
      report,
    ),
  );

  return router;
}
