import { expect } from 'chai';
import { instant, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { createPeopleStore } from '../../src/store/people.ts';
import { upkeep } from '../../src/subscriptions/upkeep.ts';
import { uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { readable } from '../support/horizon.ts';
import { until } from '../support/servers.ts';
import { receives, type Subscriber, startSubscriber, status } from '../support/subscriber.ts';
import { CLEAN, later, SUBSCRIPTION, type ToldClinic, toldClinic } from '../support/told-clinic.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('those who tell subscribers', () => {
  onEachDatabase((open) => {
    let clinic: ToldClinic;
    let subscriber: Subscriber;
    beforeEach(async () => {
      await open().script(CLEAN);
      clinic = await toldClinic(open(), instant(Date.now()));
      subscriber = await startSubscriber();
    });
    afterEach(async () => {
      clinic.close();
      await subscriber.close();
    });
    const subscribed = (more: object = {}, id = SUBSCRIPTION) =>
      clinic.subscribe(id, { endpoint: subscriber.url, ...more });
    const paths = (from = subscriber) => from.received.map(({ path }) => Number.parseInt(path.slice(-2), 16));

    it('are several, and tell each change once and in order', async () => {
      const others = await Promise.all([startSubscriber(), startSubscriber(), startSubscriber()]);
      for (const [index, { url }] of others.entries()) await subscribed({ endpoint: url }, uuid(index + 1));
      const notifiers = [clinic.notifier(), clinic.notifier()];
      for (const n of numbers(12)) {
        await clinic.write(n);
        await Promise.all(notifiers.map(async (notifier) => (await notifier.look()).served));
      }
      await Promise.all(notifiers.map((notifier) => clinic.settle(notifier)));
      for (const other of others) expect(paths(other)).to.deep.equal(numbers(12));
      await Promise.all(others.map((other) => other.close()));
    });

    it('do not hold up one subscriber for another', async () => {
      const slow = await startSubscriber();
      let release: () => void = () => undefined;
      slow.answer = (_request, response) => {
        release = () => response.writeHead(200).end();
      };
      await subscribed({ endpoint: slow.url }, uuid(1));
      await subscribed({}, uuid(2));
      await clinic.write(1, 2);
      await readable(open());
      const notifier = clinic.notifier();
      const first = await notifier.look();
      await receives(slow, 1);
      await receives(subscriber, 2);
      await clinic.write(3);
      await readable(open());
      // It may have heard of the second before it is stored that it has; until then it is nobody else's to tell.
      await until('the other is told of the third', async () => {
        await (await notifier.look()).served;
        return paths().length > 2;
      });
      expect(paths()).to.deep.equal([1, 2, 3]);
      expect(paths(slow)).to.deep.equal([1]);
      slow.answer = status(200);
      release();
      await first.served;
      await clinic.settle(notifier);
      expect(paths(slow)).to.deep.equal([1, 2, 3]);
      await slow.close();
    });

    it('give up the place of a slow one, and come back to it', async () => {
      subscriber.answer = (_request, response) => {
        later(clinic, 6 * SECOND);
        response.writeHead(200).end();
      };
      await subscribed();
      await clinic.write(1, 2, 3);
      await readable(open());
      const notifier = clinic.notifier();
      await (await notifier.look()).served;
      expect(paths()).to.deep.equal([1, 2]);
      await (await notifier.look()).served;
      expect(paths()).to.deep.equal([1, 2, 3]);
    });

    it('may die between a notification and what is stored of it: it is sent again under its id', async () => {
      const dying = clinic.notifier({ store: { passSubscription: () => new Promise(() => undefined) } });
      await subscribed();
      await clinic.write(1, 2);
      await readable(open());
      void dying.look();
      await receives(subscriber, 1);
      const heir = clinic.notifier();
      // As long as it might still be at it, it is left alone.
      later(clinic, 59 * SECOND);
      await clinic.settle(heir);
      expect(paths()).to.deep.equal([1]);
      later(clinic, 1 * SECOND);
      await clinic.settle(heir);
      expect(paths()).to.deep.equal([1, 1, 2]);
      const [first, second, third] = subscriber.ids();
      expect(first).to.equal(second).and.not.equal(third);
    });

    it('may be taken for dead and come back: then nothing of theirs is stored', async () => {
      await subscribed();
      await clinic.write(1, 2);
      await readable(open());
      let goOn: () => void = () => undefined;
      subscriber.answer = (_request, response) => {
        goOn = () => response.writeHead(200).end();
      };
      const sleepy = await clinic.notifier().look();
      await receives(subscriber, 1);
      later(clinic, 1 * MINUTE);
      subscriber.answer = status(200);
      await clinic.settle(clinic.notifier());
      expect(paths()).to.deep.equal([1, 1, 2]);
      await clinic.write(3);
      goOn();
      await sleepy.served;
      expect(paths()).to.deep.equal([1, 1, 2]);
      await clinic.settle(clinic.notifier());
      expect(paths()).to.deep.equal([1, 1, 2, 3]);
    });

    it('go on after a database that did not answer', async () => {
      let fails = 1;
      const unlucky = clinic.notifier({
        store: {
          changesAfter: async (...rest) => {
            if (fails-- > 0) throw new Error('no answer');
            return clinic.store.changesAfter(...rest);
          },
        },
      });
      await subscribed();
      await clinic.write(1);
      await clinic.settle(unlucky);
      expect(clinic.faults).to.have.length(1);
      later(clinic, 1 * MINUTE);
      await clinic.settle(unlucky);
      expect(paths()).to.deep.equal([1]);
    });

    it('leave alone who is off, and begin anew where it is requested again', async () => {
      const made = await subscribed();
      await clinic.write(1);
      const change = (status: 'off' | 'requested', version: number) =>
        clinic.store.changeSubscription(made.id, version, { ...made, status }, clinic.now);
      const off = await change('off', made.version);
      expect(off?.status).to.equal('off');
      await clinic.settle(clinic.notifier());
      await clinic.write(2);
      expect(await change('requested', made.version)).to.equal(null);
      expect((await change('requested', off?.version ?? 0))?.status).to.equal('requested');
      await until('it is active', async () => {
        await clinic.store.activateSubscriptions(clinic.now);
        return (await clinic.subscription(made.id)).status === 'active';
      });
      await clinic.write(3);
      await clinic.settle(clinic.notifier());
      expect(paths()).to.deep.equal([3]);
    });

    it('try one that fails at once when it is changed, and tell it all that waits', async () => {
      const made = await subscribed();
      await clinic.write(1);
      subscriber.answer = status(401);
      await clinic.settle(clinic.notifier());
      const failing = await clinic.subscription(made.id);
      await clinic.write(2);
      subscriber.answer = status(200);
      const changed = await clinic.store.changeSubscription(
        made.id,
        failing.version,
        { ...made, status: 'requested' },
        clinic.now,
      );
      expect(changed).to.include({ status: 'active', attempts: 0, trouble: null });
      await clinic.settle(clinic.notifier());
      expect(paths()).to.deep.equal([1, 1, 2]);
    });

    it('end one whose end has come, and one for whom too much waits, and erase what is theirs', async () => {
      const { store } = clinic;
      const keepUp = () =>
        upkeep({
          store,
          clock: { now: () => clinic.now, sleep: async () => undefined },
          onError: () => undefined,
          limits: { waitingMost: 3, retained: 0, batch: 2 },
        });
      const left = async () =>
        (await open().query<{ n: number }>('select count(*)::integer as n from change'))[0]?.n;
      await subscribed({ end: instant(clinic.now + MINUTE) }, uuid(1));
      await subscribed({ endpoint: 'http://127.0.0.1:1/' }, uuid(2));
      await clinic.write(1, 2, 3);
      await keepUp();
      expect((await store.subscriptions()).map((each) => each.status)).to.deep.equal(['active', 'active']);
      expect(await store.subscriptionFigures()).to.deep.equal({
        byStatus: { requested: 0, active: 2, error: 0, off: 0 },
        waiting: 3,
      });
      later(clinic, MINUTE);
      await clinic.write(4);
      expect(await left()).to.equal(4);
      await keepUp();
      expect((await store.subscriptions()).map((each) => [each.status, each.trouble])).to.deep.equal([
        ['off', null],
        ['off', { kind: 'backlog' }],
      ]);
      expect(await left()).to.equal(0);
      await clinic.write(5);
      expect(await left()).to.equal(0);
      expect(await store.subscriptionFigures()).to.deep.equal({
        byStatus: { requested: 0, active: 0, error: 0, off: 2 },
        waiting: 0,
      });
    });

    it('end those of whom may not ask any more, and of nobody else', async () => {
      const { store } = clinic;
      await open().script('delete from api_token; delete from person');
      const token = (n: number) => ({
        ...{ id: uuid(n), name: `jeton ${n}`, scopes: 'system/Slot.rs', organizationId: null },
        ...{ createdAt: clinic.now, createdBy: 'administrator', expiresAt: instant(clinic.now + n * MINUTE) },
      });
      for (const n of [11, 12, 13]) await store.addApiToken(token(n), Buffer.from([n]));
      const people = createPeopleStore(open());
      const by = { createdAt: clinic.now, createdBy: 'administrator' };
      for (const [n, organizationId] of [
        [21, null],
        [22, null],
        [23, 'nord'],
        [24, null],
      ] as const) {
        const who = {
          id: uuid(n),
          login: `p${n}`,
          name: 'Fictif',
          scopes: n === 24 ? '' : 'system/Slot.rs',
          organizationId,
        };
        await people.addPerson(
          { ...who, ...by },
          { hash: Buffer.from([n]), expiresAt: instant(clinic.now + MINUTE) },
        );
      }
      const owners = [
        ...['administrator', 'client:programme', `token:${uuid(11)}`, `token:${uuid(12)}`],
        ...[
          `token:${uuid(13)}`,
          `user:${uuid(21)}`,
          `user:${uuid(22)}`,
          `user:${uuid(23)}`,
          `user:${uuid(24)}`,
          `token:${uuid(99)}`,
        ],
      ];
      for (const [index, owner] of owners.entries()) await subscribed({ owner }, uuid(index + 1));
      const ended = async () => {
        await upkeep({
          store,
          clock: { now: () => clinic.now, sleep: async () => undefined },
          onError: () => undefined,
        });
        const all = await store.subscriptions();
        const off = all.filter(({ status }) => status === 'off');
        for (const { trouble } of off) expect(trouble).to.deep.equal({ kind: 'owner' });
        return off.map(({ owner }) => owner);
      };
      expect(await ended(), 'of another organization, without rights, or of nobody').to.deep.equal([
        `user:${uuid(23)}`,
        `user:${uuid(24)}`,
        `token:${uuid(99)}`,
      ]);
      await store.revokeApiToken(uuid(12), clinic.now);
      await people.disablePerson(uuid(21));
      later(clinic, 11 * MINUTE);
      expect(await ended()).to.have.members([
        ...[`token:${uuid(11)}`, `token:${uuid(12)}`, `user:${uuid(21)}`],
        ...[`user:${uuid(23)}`, `user:${uuid(24)}`, `token:${uuid(99)}`],
      ]);
    });

    it('look by themselves, and at once when they are woken', async () => {
      const notifier = clinic.notifier();
      await subscribed();
      notifier.start();
      await clinic.write(1);
      await receives(subscriber, 1);
      await clinic.write(2);
      await receives(subscriber, 2);
      await notifier.stop();
      await clinic.write(3);
      await clinic.settle(clinic.notifier());
      expect(paths()).to.deep.equal([1, 2, 3]);
    });
  });
});
