import { z } from 'zod';
import type { Seal } from '../engine/ports/seal.ts';
import type { SecretsSeal } from '../engine/ports/subscriptions.ts';

const Secrets = z.object({
  secret: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
});

/** Keeps what signs, and what is sent along, unreadable at rest. */
export const secretsSeal = (seal: Pick<Seal, 'closeText' | 'openText'>): SecretsSeal => ({
  close: (secrets) => seal.closeText(JSON.stringify(secrets), 'subscription'),
  open(sealed) {
    let text: string;
    try {
      text = seal.openText(sealed, 'subscription');
    } catch {
      return null;
    }
    return Secrets.parse(JSON.parse(text));
  },
});
