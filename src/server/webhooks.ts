import type { IncomingHttpHeaders } from 'node:http';
import express, { type Router } from 'express';
import type { Operations } from '../engine/ports/front.ts';
import { Refused } from '../fhir/outcomes.ts';

const BODY_BYTES_MAX = 1024 * 1024;

/** `POST /webhooks/:connection`: a platform's delivery, signed over its raw bytes and checked by its adapter. */
export function webhooks(operations: Pick<Operations, 'receive'>): Router {
  const router = express.Router();
  const raw = express.raw({ type: () => true, limit: BODY_BYTES_MAX, inflate: false });
  router.post('/webhooks/:connection', raw, async (request, response) => {
    const { connection } = request.params;
    const body: unknown = request.body;
    const outcome = await operations.receive(String(connection), {
      headers: single(request.headers),
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    });
    if (outcome === 'accepted') {
      response.status(202).json({ status: 'accepted' });
      return;
    }
    if (outcome === 'refused') {
      const diagnostics = {
        fr: 'refusé : sa signature est fausse, il a déjà été envoyé, ou il ne se lit pas',
        en: 'refused: its signature is wrong, it was sent before, or it cannot be read',
      };
      // A 401 always names a way to authenticate (RFC 9110, section 15.5.2).
      const challenge = { 'www-authenticate': 'Signature realm="webhooks"' };
      throw new Refused('unauthenticated', { diagnostics, code: 'security' }, challenge);
    }
    throw new Refused('not-found', {
      diagnostics: {
        fr: 'aucune connexion de cet id n’accepte de livraisons',
        en: 'no connection of this id takes deliveries',
      },
    });
  });
  return router;
}

const single = (headers: IncomingHttpHeaders): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
