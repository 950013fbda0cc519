import express, { type Router } from 'express';
import { formatInstant } from '../domain/instant.ts';
import type { Keys } from '../engine/ports/keys.ts';
import type { Audit } from './auditing.ts';
import type { Shown } from './contract/route.ts';
import * as routes from './contract/upkeep.ts';
import { mount, mountRaw } from './mount.ts';
import { answerAsItGoes } from './ndjson.ts';

/** Which keys there are, never what they are, and to change them. */

export type KeysDependencies = {
  readonly keys: Keys;
  readonly report: (error: unknown) => string;
  readonly audit: Audit;
};

export function keysApi({ keys, report, audit }: KeysDependencies): Router {
  const router = express.Router();

  mount(router, routes.listKeys, async ({ reply }) => {
    const found = (await keys.list()).map((key) => ({
      ...key,
      createdAt: formatInstant(key.createdAt),
      activeAt: formatInstant(key.activeAt),
    }));
    return reply(200, { keys: found });
  });

  mountRaw(router, routes.rotateKeys, async ({ request }, response, say) => {
    await audit(request, { type: 'key.changed', action: 'E' });
    await answerAsItGoes<Shown<typeof routes.RotationLine>>(
      response,
      say,
      async (line) => {
        const done = await keys.rotate((made) => line({ type: 'progress', ...made }));
        return { type: 'result', outcome: 'done', ...done };
      },
      report,
    );
  });

  return router;
}
