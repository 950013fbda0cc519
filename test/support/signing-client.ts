import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A program with a key of its own, as SMART Backend Services wants it. Made up, as are its keys: each run has others. */

export type SigningKey = {
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly privateKey: Parameters<SignJWT['sign']>[0];
};

export async function newKey(kid: string, alg = 'ES384'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export type Claims = {
  readonly iss: string;
  readonly sub?: string;
  readonly aud: string;
  /** Seconds since 1970. */
  readonly exp: number;
  readonly jti?: string;
};

export const assertionOf = (
  { kid, privateKey, publicJwk }: SigningKey,
  { sub, ...claims }: Claims,
): Promise<string> =>
  new SignJWT({ sub: sub ?? claims.iss, ...claims })
    .setProtectedHeader({ alg: publicJwk.alg ?? '', kid, typ: 'JWT' })
    .sign(privateKey);

/** Keys at an address, for as long as they are there. */
export async function servedKeys(keys: () => readonly JWK[]): Promise<{
  readonly uri: string;
  readonly asked: () => number;
  readonly close: () => Promise<void>;
}> {
  let asked = 0;
  const server: Server = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: keys() }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    uri: `http://127.0.0.1:${port}/jwks.json`,
    asked: () => asked,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
