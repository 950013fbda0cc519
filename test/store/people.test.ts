import { expect } from 'chai';
import { DAY, instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { createPeopleStore } from '../../src/store/people.ts';
import { onEachDatabase } from '../support/databases.ts';
import { uuid } from '../support/fake-ports.ts';

const AT = instant(Date.parse('2026-11-24T12:00:00Z'));
const hash = (text: string): Buffer => Buffer.from(text.padEnd(32, '.'));
const person = (number: number) => ({
  id: uuid(number),
  login: `personne-${number}`,
  name: `Personne ${number}`,
  scopes: 'system/Slot.rs',
  organizationId: null,
  createdAt: AT,
  createdBy: 'administrator',
});
/** As many at once. */
const atOnce = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 8 }, work));

describe('people in the store', () => {
  onEachDatabase((open) => {
    const store = () => createPeopleStore(open());
    const add = async (number: number, invited = `invitation ${number}`): Promise<string> => {
      expect(
        await store().addPerson(person(number), { hash: hash(invited), expiresAt: plus(AT, DAY) }),
      ).to.equal(true);
      return uuid(number);
    };

    it('gives a login to one of those who want it at once', async () => {
      let number = 100;
      const added = await atOnce(() => {
        number += 1;
        return store().addPerson(
          { ...person(number), login: 'un-seul' },
          { hash: hash(`${number}`), expiresAt: AT },
        );
      });
      expect(added.filter((each) => each)).to.have.length(1);
    });

    it('takes an invitation once, however many use it at once', async () => {
      await add(1);
      const taken = await atOnce(() => store().acceptInvitation(hash('invitation 1'), 'h', AT));
      expect(taken.filter((each) => each !== null)).to.have.length(1);
      await add(2);
      expect(await store().acceptInvitation(hash('invitation 2'), 'h', plus(AT, DAY))).to.equal(null);
      await store().disablePerson(uuid(2));
      expect(await store().invitedPerson(hash('invitation 2'), AT)).to.equal(null);
    });

    it('takes a code once, and none of before it', async () => {
      const id = await add(3);
      expect(await store().useTotpStep(id, 5)).to.equal(false);
      await store().setTotp(id, Buffer.from('sealed'), 10);
      expect((await atOnce(() => store().useTotpStep(id, 11))).filter((each) => each)).to.have.length(1);
      expect(await store().useTotpStep(id, 10)).to.equal(false);
      await store().replaceRecoveryCodes(id, [hash('a'), hash('b')]);
      expect(
        (await atOnce(() => store().useRecoveryCode(id, hash('a')))).filter((each) => each),
      ).to.have.length(1);
      expect((await store().personById(id))?.recoveryCodes).to.equal(1);
    });

    it('takes a passkey only while its counter grows, where it counts', async () => {
      const id = await add(4);
      const passkey = {
        id: 'cle',
        name: 'Clé',
        publicKey: Buffer.from('k'),
        counter: 3,
        transports: ['usb'],
        createdAt: AT,
      };
      expect(await store().addPasskey(id, passkey)).to.equal(true);
      expect(await store().addPasskey(id, passkey)).to.equal(false);
      expect(await store().passkeyUsed('cle', 4)).to.equal(true);
      expect(await store().passkeyUsed('cle', 4)).to.equal(false);
      expect(await store().passkeyUsed('cle', 0)).to.equal(false);
      await store().addPasskey(id, { ...passkey, id: 'sans', counter: 0 });
      expect([await store().passkeyUsed('sans', 0), await store().passkeyUsed('sans', 0)]).to.deep.equal([
        true,
        true,
      ]);
      expect(
        (await store().passkeysOf(id)).map(({ name, transports }) => [name, ...transports]),
      ).to.deep.equal([
        ['Clé', 'usb'],
        ['Clé', 'usb'],
      ]);
    });

    it('counts attempts, as many as are made at once, and doubles the wait', async () => {
      const limit = { free: 3, waitMilliseconds: MINUTE, waitMillisecondsMax: 3 * MINUTE };
      const count = (at = AT) => store().countAttempt(hash('qui'), limit, at);
      const first = await atOnce(() => count());
      expect(first.filter((each) => each === null)).to.have.length(3);
      expect(first.find((each) => each !== null)).to.equal(plus(AT, MINUTE));
      expect(await count(plus(AT, MINUTE))).to.equal(null);
      expect(await count(plus(AT, MINUTE))).to.equal(plus(AT, 3 * MINUTE));
      expect(await count(plus(AT, 3 * MINUTE))).to.equal(null);
      expect(await count(plus(AT, 4 * MINUTE)), 'three minutes at the most').to.equal(plus(AT, 6 * MINUTE));
      // A day later it begins anew.
      const later = plus(AT, 2 * DAY);
      expect([await count(later), await count(later), await count(later)]).to.deep.equal([null, null, null]);
      expect(await count(later)).not.to.equal(null);
      await store().forgetAttempts(hash('qui'));
      expect(await count(later)).to.equal(null);
    });

    it('finds a session until it is over, was left alone or ended, and renews its cookie once', async () => {
      const id = await add(5);
      const session = {
        id: uuid(500),
        personId: id,
        proof: 'password' as const,
        createdAt: AT,
        provedAt: AT,
        usedAt: AT,
        expiresAt: plus(AT, DAY),
        agent: '',
        idToken: null,
      };
      expect(await store().addSession(session, hash('cookie'), 'former'), 'another password').to.equal(false);
      expect(await store().addSession(session, hash('cookie'), null)).to.equal(true);
      const find = (text: string, at = AT, since = plus(AT, -1)) =>
        store().sessionByHash(hash(text), at, since);
      expect((await find('cookie'))?.session).to.deep.equal(session);
      expect(await find('cookie', plus(AT, DAY))).to.equal(null);
      expect(await find('cookie', AT, AT)).to.equal(null);
      const to = { proof: 'both' as const, provedAt: AT, expiresAt: plus(AT, DAY) };
      expect(await store().renewSession(session.id, hash('autre'), to)).to.equal(true);
      expect([await find('cookie'), (await find('autre'))?.session.proof]).to.deep.equal([null, 'both']);
      await store().acceptInvitation(hash('invitation 5'), 'first', AT);
      expect(await find('autre')).to.equal(null);
      const another = { ...session, id: uuid(501) };
      expect(await store().addSession(another, hash('second'), 'first')).to.equal(true);
      expect(await store().setPassword(id, { from: 'former', to: 'h' })).to.equal(false);
      await store().rehashPassword(id, { from: 'former', to: 'h' });
      await store().rehashPassword(id, { from: 'first', to: 'rehashed' });
      expect(await find('second')).not.to.equal(null);
      expect(await store().setPassword(id, { from: 'rehashed', to: 'h' })).to.equal(true);
      expect(await find('second')).to.equal(null);
      await store().disablePerson(id);
      expect(await store().addSession(another, hash('third'), 'h')).to.equal(false);
      expect(await store().renewSession(session.id, hash('autre'), to)).to.equal(false);
    });

    it('makes one person of a provider’s subject, with the rights of now', async () => {
      const given = {
        issuer: 'https://a.example',
        subject: 's',
        name: 'Luc',
        scopes: 'system/Slot.r',
        organizationId: null,
      };
      let number = 600;
      const made = await atOnce(() => {
        number += 1;
        return store().personFromProvider({ ...given, id: uuid(number) }, AT);
      });
      expect(new Set(made.map(({ id }) => id)).size).to.equal(1);
      const again = await store().personFromProvider(
        { ...given, id: uuid(700), scopes: 'system/Slot.s' },
        AT,
      );
      expect([again.id, again.scopes, again.login]).to.deep.equal([made[0]?.id, 'system/Slot.s', null]);
      const other = await store().personFromProvider(
        { ...given, id: uuid(701), issuer: 'https://b.example' },
        AT,
      );
      expect(other.id).not.to.equal(again.id);
    });
  });
});
