import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import { Fault } from '../../src/adapter/faults.ts';
import { HOUR, type Instant, plus } from '../../src/domain/instant.ts';

/** How a service account asks for a token: a JWT that it signs itself (RFC 7523, 2.1; Google, «OAuth 2.0 for Server to Server»). */

const Key = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
});
export type Key = z.output<typeof Key>;

/** Null when the text is no JSON key file. */
export function keyIn(text: string): Key | null {
  try {
    return Key.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export type Claims = {
  readonly scope: string;
  readonly audience: string;
  /** The user for whom it acts; null = for itself. */
  readonly subject: string | null;
};

/** @throws Fault `unauthorized` when the key cannot be used. */
export async function assertion(
  key: Key,
  { scope, audience, subject }: Claims,
  now: Instant,
): Promise<string> {
  const privateKey = await importPKCS8(key.private_key, 'RS256').catch((cause: unknown) => {
    throw new Fault('unauthorized', 'the key of the service account is no private key (PKCS #8)', { cause });
  });
  const jwt = new SignJWT({ scope })
    .setProtectedHeader({
      alg: 'RS256',
      typ: 'JWT',
      ...(key.private_key_id === undefined ? {} : { kid: key.private_key_id }),
    })
    .setIssuer(key.client_email)
    .setAudience(audience)
    .setIssuedAt(Math.floor(now / 1000))
    // An hour is the most that Google takes.
    .setExpirationTime(Math.floor(plus(now, HOUR) / 1000));
  if (subject !== null) jwt.setSubject(subject);
  return jwt.sign(privateKey);
}
