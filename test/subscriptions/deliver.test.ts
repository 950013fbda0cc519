import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { Webhook } from 'standardwebhooks';
import { HOUR, instant, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Notifier } from '../../src/subscriptions/notifier.ts';
import { uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { readable } from '../support/horizon.ts';
import { type Received, receives, type Subscriber, startSubscriber, status } from '../support/subscriber.ts';
import { CLEAN, later, SECRET, SUBSCRIPTION, type ToldClinic, toldClinic } from '../support/told-clinic.ts';

const pathOf = (n: number): string => `/hook/Slot/${uuid(n)}`;
const versionOf = ({ body }: Received): string => JSON.parse(body).meta.versionId;
const brief = (received: Received): string =>
  `${received.method} ${Number.parseInt(received.path.slice(-2), 16)} v${versionOf(received)}`;

describe('a subscriber is told', () => {
  onEachDatabase((open) => {
    let clinic: ToldClinic;
    let subscriber: Subscriber;
    let notifier: Notifier;
    beforeEach(async () => {
      await open().script(CLEAN);
      // Receivers go by their own clocks.
      clinic = await toldClinic(open(), instant(Date.now()));
      subscriber = await startSubscriber();
      notifier = clinic.notifier();
    });
    afterEach(async () => {
      clinic.close();
      await subscriber.close();
      expect(clinic.faults).to.deep.equal([]);
    });

    const told = () => subscriber.received.map(brief);
    const subscribed = (more: object = {}) =>
      clinic.subscribe(SUBSCRIPTION, { endpoint: subscriber.url, ...more });
    const is = async () => {
      const { status: now, trouble, attempts } = await clinic.subscription(SUBSCRIPTION);
      return { status: now, trouble, attempts };
    };

    it('of each resource by an update below its endpoint, which is a FHIR service base', async () => {
      await subscribed({ payload: 'application/json' });
      await clinic.write(1, 2);
      await clinic.settle(notifier);
      expect(told()).to.deep.equal(['PUT 1 v1', 'PUT 2 v1']);
      const [first] = subscriber.received;
      expect(first?.path).to.equal(pathOf(1));
      expect(first?.headers['content-type']).to.equal('application/json');
      expect(JSON.parse(first?.body ?? '')).to.deep.include({ resourceType: 'Slot', id: uuid(1) });
      expect(await is()).to.deep.equal({ status: 'active', trouble: null, attempts: 0 });
    });

    it('keeps the query of its endpoint', async () => {
      await subscribed({ endpoint: `${subscriber.url}/?key=k` });
      await clinic.write(1);
      await clinic.settle(notifier);
      expect(subscriber.received[0]?.path).to.equal(`${pathOf(1)}?key=k`);
    });

    it('nothing of what was before, and nothing twice', async () => {
      await clinic.write(1);
      await subscribed();
      await clinic.settle(notifier);
      expect(told()).to.deep.equal([]);
      await clinic.write(1);
      await clinic.settle(notifier);
      await clinic.settle(notifier);
      await clinic.settle(clinic.notifier());
      expect(told()).to.deep.equal(['PUT 1 v2']);
    });

    it('of what changed often while it waited once, as it is now, and of what is gone nothing', async () => {
      await subscribed();
      await clinic.write(1, 2, 1, 3, 1, 2);
      await clinic.remove(3);
      await clinic.settle(notifier);
      expect(told()).to.deep.equal(['PUT 1 v3', 'PUT 2 v2']);
    });

    it('without a payload that there is something, once for all that waits', async () => {
      await subscribed({ payload: null });
      await clinic.write(1, 2, 3);
      await clinic.settle(notifier);
      const [only, ...more] = subscriber.received;
      expect(more).to.deep.equal([]);
      expect(only).to.include({ method: 'POST', path: '/hook', body: '' });
      expect(only?.headers).to.not.have.property('content-type');
      expect(only?.headers['content-length']).to.equal('0');
      expect(new Webhook(SECRET).verify('', only?.headers as Record<string, string>)).to.equal(undefined);
    });

    it('with a signature that others verify, and that fits nothing else', async () => {
      await subscribed();
      await clinic.write(1);
      await clinic.settle(notifier);
      const [{ headers, body } = { headers: {}, body: '' }] = subscriber.received;
      const sent = headers as Record<string, string>;
      expect(new Webhook(SECRET).verify(body, sent)).to.have.property('resourceType', 'Slot');
      const other = `whsec_${Buffer.from('another secret of the same kind.').toString('base64')}`;
      expect(() => new Webhook(other).verify(body, sent)).to.throw(/No matching signature/);
      expect(() => new Webhook(SECRET).verify(`${body} `, sent)).to.throw(/No matching signature/);
      expect(() => new Webhook(SECRET).verify(body, { ...sent, 'webhook-id': 'x' })).to.throw(/No matching/);
      const signature = createHmac('sha256', 'a secret of nobody but the tests')
        .update(`${sent['webhook-id']}.${sent['webhook-timestamp']}.${body}`)
        .digest('base64');
      expect(sent['webhook-signature']).to.equal(`v1,${signature}`);
    });

    it('again where its answer was lost, under the same id and at another time', async () => {
      await subscribed();
      await clinic.write(1, 2);
      subscriber.answer = (request) => request.socket.destroy();
      await clinic.settle(notifier);
      expect(await is()).to.deep.include({ status: 'error', attempts: 1 });
      expect((await is()).trouble).to.include({ kind: 'unreachable' });
      subscriber.answer = status(204);
      later(clinic, 3 * SECOND);
      await clinic.settle(notifier);
      expect(told()).to.deep.equal(['PUT 1 v1', 'PUT 1 v1', 'PUT 2 v1']);
      const [first, second, third] = subscriber.received.map(({ headers }) => headers);
      expect(first?.['webhook-id']).to.equal(second?.['webhook-id']);
      expect(third?.['webhook-id']).to.not.equal(second?.['webhook-id']);
      expect(first?.['webhook-timestamp']).to.not.equal(second?.['webhook-timestamp']);
      expect(first?.['webhook-signature']).to.not.equal(second?.['webhook-signature']);
      expect(await is()).to.deep.equal({ status: 'active', trouble: null, attempts: 0 });
    });

    it('of everything, in order, once it has recovered; tried less and less often until then', async () => {
      await subscribed();
      await clinic.write(1, 2, 1);
      subscriber.answer = status(500);
      const waits: number[] = [];
      for (let failure = 0; failure < 12; failure += 1) {
        await clinic.settle(notifier);
        let waited = 0;
        while (subscriber.received.length <= failure + 1 && waited < HOUR) {
          later(clinic, SECOND);
          waited += SECOND;
          await (await notifier.look()).served;
        }
        waits.push(waited / SECOND);
      }
      // Half of a step, as the dice of this test say: the steps double from 2 s to 15 min.
      expect(waits).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 450, 450, 450]);
      expect(await is()).to.deep.equal({
        status: 'error',
        trouble: { kind: 'status', status: 500 },
        attempts: 13,
      });
      subscriber.answer = status(200);
      subscriber.received.length = 0;
      later(clinic, 15 * MINUTE);
      await clinic.settle(notifier);
      expect(told()).to.deep.equal(['PUT 2 v1', 'PUT 1 v2']);
      expect((await is()).status).to.equal('active');
    }).timeout(240_000);

    it('no sooner than it asks for, and within the hour', async () => {
      await subscribed();
      await clinic.write(1);
      subscriber.answer = status(429, { 'retry-after': '120' });
      await clinic.settle(notifier);
      later(clinic, 119 * SECOND);
      await clinic.settle(notifier);
      expect(told()).to.have.length(1);
      subscriber.answer = status(503, { 'retry-after': '86400' });
      later(clinic, 1 * SECOND);
      await clinic.settle(notifier);
      expect(told()).to.have.length(2);
      later(clinic, HOUR);
      await clinic.settle(notifier);
      expect(told()).to.have.length(3);
    });

    it('no more when it says that it is gone', async () => {
      await subscribed();
      await clinic.write(1, 2);
      subscriber.answer = status(410);
      await clinic.settle(notifier);
      later(clinic, HOUR);
      await clinic.settle(notifier);
      expect(told()).to.have.length(1);
      expect(await is()).to.deep.equal({ status: 'off', trouble: { kind: 'gone' }, attempts: 1 });
    });

    it('no more after a day of failures, if there were ten', async () => {
      await subscribed();
      await clinic.write(1);
      subscriber.answer = status(404);
      for (let attempt = 1; attempt < 10; attempt += 1) {
        await clinic.settle(notifier);
        // As if the gateway had been down for most of it.
        later(clinic, 12 * HOUR);
      }
      expect(await is()).to.include({ status: 'error', attempts: 9 });
      await clinic.settle(notifier);
      expect(await is()).to.deep.equal({
        status: 'off',
        trouble: { kind: 'status', status: 404 },
        attempts: 10,
      });
    });

    it('where it is, and not where it sends us', async () => {
      const elsewhere = await startSubscriber();
      await subscribed();
      await clinic.write(1);
      subscriber.answer = status(307, { location: elsewhere.url });
      await clinic.settle(notifier);
      await elsewhere.close();
      expect(elsewhere.received).to.deep.equal([]);
      expect(await is()).to.deep.include({ status: 'error', trouble: { kind: 'redirect' } });
    });

    it('and not waited for for ever', async () => {
      await subscribed();
      await clinic.write(1);
      subscriber.answer = () => undefined;
      await clinic.settle(clinic.notifier({ timeoutMilliseconds: 200 }));
      expect(await is()).to.deep.include({ status: 'error', trouble: { kind: 'timeout' } });
    });

    it('whatever it answers besides: it is not read to its end', async () => {
      await subscribed();
      await clinic.write(1, 2);
      let cut = 0;
      subscriber.answer = (_request, response) => {
        response.writeHead(200);
        response.on('close', () => {
          cut += 1;
        });
        const pour = (): void => {
          if (!response.destroyed) response.write('x'.repeat(64 * 1024), pour);
        };
        pour();
      };
      await clinic.settle(notifier);
      expect(told()).to.deep.equal(['PUT 1 v1', 'PUT 2 v1']);
      await receives(subscriber, 2);
      expect((await is()).status).to.equal('active');
      subscriber.answer = status(200);
      await clinic.write(3);
      await clinic.settle(notifier);
      expect(cut).to.equal(2);
    });

    it('of nothing while it can’t be signed: the sealing key is another', async () => {
      await subscribed({ sealed: Buffer.alloc(64, 1) });
      await clinic.write(1);
      await clinic.settle(notifier);
      expect(await is()).to.deep.include({ status: 'error', trouble: { kind: 'sealed' } });
      expect(subscriber.received).to.deep.equal([]);
    });

    it('of nothing while its criteria are refused', async () => {
      await subscribed();
      await clinic.write(1);
      await clinic.settle(clinic.notifier({ match: async () => null }));
      expect(await is()).to.deep.include({ status: 'error', trouble: { kind: 'criteria' } });
      later(clinic, MINUTE);
      await clinic.settle(notifier);
      expect(told()).to.deep.equal(['PUT 1 v1']);
    });

    it('of a resource that changes between the look and the search with its later change, once', async () => {
      await subscribed();
      await clinic.write(1, 2);
      await readable(open());
      const plain = clinic.notifier();
      let raced = false;
      const racing = clinic.notifier({
        match: async (_wanted, ids) => {
          if (!raced) {
            raced = true;
            await clinic.write(1);
          }
          const rows = await open().query<{ id: string; version: number }>(
            'select id, version from slot where id = any($1::uuid[])',
            [ids],
          );
          return new Map(
            rows.map(({ id, version }) => [
              id,
              { version, text: JSON.stringify({ meta: { versionId: String(version) } }) },
            ]),
          );
        },
      });
      await clinic.settle(racing);
      await clinic.settle(plain);
      expect(told()).to.deep.equal(['PUT 2 v1', 'PUT 1 v2']);
    });
  });
});
