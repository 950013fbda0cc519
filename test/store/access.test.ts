import { expect } from 'chai';
import { hashOfToken, newApiToken } from '../../src/access/api-token.ts';
import { DAY, instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { createStore } from '../../src/store/store.ts';
import { onEachDatabase } from '../support/databases.ts';
import { uuid } from '../support/fake-ports.ts';

const AT = instant(Date.parse('2026-11-24T12:00:00Z'));
const token = (number: number, name: string) => ({
  id: uuid(number),
  name,
  scopes: 'system/Slot.rs',
  organizationId: null,
  createdAt: AT,
  createdBy: 'administrator',
  expiresAt: plus(AT, DAY),
});

describe('access in the store', () => {
  onEachDatabase((open) => {
    it('keeps tokens by their hash, and never the token', async () => {
      const store = createStore(open());
      const text = newApiToken();
      expect(await store.addApiToken(token(1, 'portail'), hashOfToken(text))).to.equal(true);
      const kept = { ...token(1, 'portail'), revokedAt: null, usedAt: null };
      expect(await store.apiTokenByHash(hashOfToken(text))).to.deep.equal(kept);
      expect(await store.apiTokenByHash(hashOfToken(`${text}x`))).to.equal(null);
      const [dumped] = await open().query<{ text: string }>(
        'select string_agg(t::text, $1) as text from api_token t',
        ['\n'],
      );
      expect(dumped?.text).to.contain('portail').and.not.to.contain(text);
    });

    it('gives a name to one token at a time', async () => {
      const store = createStore(open());
      const add = (number: number) => store.addApiToken(token(number, 'site'), hashOfToken(`site ${number}`));
      expect(await Promise.all([add(11), add(12)])).to.have.members([true, false]);
      const [{ id } = { id: '' }] = (await store.apiTokens()).filter(({ name }) => name === 'site');
      // One that is named as the id of another is another.
      await store.addApiToken(token(14, id), hashOfToken('decoy'));
      expect((await store.revokeApiToken(id, plus(AT, 1)))?.revokedAt).to.equal(plus(AT, 1));
      expect(await store.revokeApiToken(id, plus(AT, 2))).to.equal(null);
      expect((await store.apiTokenByHash(hashOfToken('decoy')))?.revokedAt).to.equal(null);
      expect(await add(13)).to.equal(true);
      expect((await store.revokeApiToken(uuid(13), AT))?.name).to.equal('site');
      expect((await store.apiTokens()).filter(({ name }) => name === 'site')).to.have.length(2);
    });

    it('remembers when a token was used, and never sets that back', async () => {
      const store = createStore(open());
      await store.addApiToken(token(21, 'horloge'), hashOfToken('horloge'));
      await store.apiTokenUsed(uuid(21), plus(AT, MINUTE));
      await store.apiTokenUsed(uuid(21), AT);
      expect((await store.apiTokenByHash(hashOfToken('horloge')))?.usedAt).to.equal(plus(AT, MINUTE));
    });

    it('takes an assertion once, whoever asks at the same time, until it has expired', async () => {
      const store = createStore(open());
      const assertion = { clientId: 'a', jti: '1', expiresAt: plus(AT, MINUTE) };
      const answers = await Promise.all(Array.from({ length: 8 }, () => store.useAssertion(assertion, AT)));
      expect(answers.filter(Boolean)).to.have.length(1);
      expect(await store.useAssertion({ ...assertion, clientId: 'b' }, AT)).to.equal(true);
      const later = plus(AT, 2 * MINUTE);
      expect(
        await store.useAssertion({ clientId: 'c', jti: '2', expiresAt: plus(later, MINUTE) }, later),
      ).to.equal(true);
      const rows = await open().query<{ jti: string }>('select jti from used_assertion');
      expect(rows.map(({ jti }) => jti)).to.deep.equal(['2']);
    });
  });
});
