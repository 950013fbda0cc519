import type { ApiToken, ApiTokenStore, AssertionStore } from '../../src/engine/ports/access.ts';

/** A test double of who keeps tokens and used assertions, in memory. The real one is tested in test/store/access.test.ts. */
export function fakeAccess(): ApiTokenStore & AssertionStore {
  let tokens: { token: ApiToken; hash: string }[] = [];
  const used = new Set<string>();
  const key = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');
  return {
    async addApiToken(token, hash) {
      const isSame = ({ name, organizationId, revokedAt }: ApiToken): boolean =>
        name === token.name && organizationId === token.organizationId && revokedAt === null;
      if (tokens.some((each) => isSame(each.token))) return false;
      tokens.unshift({ token: { ...token, revokedAt: null, usedAt: null }, hash: key(hash) });
      return true;
    },
    apiTokens: async () => tokens.map(({ token }) => token),
    apiTokenByHash: async (hash) => tokens.find((each) => each.hash === key(hash))?.token ?? null,
    async revokeApiToken(id, at) {
      const found = tokens.find(({ token }) => token.revokedAt === null && token.id === id);
      if (!found) return null;
      const token = { ...found.token, revokedAt: at };
      tokens = tokens.map((each) => (each === found ? { ...each, token } : each));
      return token;
    },
    async apiTokenUsed(id, at) {
      tokens = tokens.map((each) =>
        each.token.id === id ? { ...each, token: { ...each.token, usedAt: at } } : each,
      );
    },
    async useAssertion({ clientId, jti, expiresAt }) {
      if (!Number.isSafeInteger(expiresAt)) throw new Error('no bigint');
      const isNew = !used.has(`${clientId} ${jti}`);
      used.add(`${clientId} ${jti}`);
      return isNew;
    },
  };
}
