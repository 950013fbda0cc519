import { expect } from 'chai';
import { instant } from '../../src/domain/instant.ts';
import { createSender, type Sender } from '../../src/subscriptions/send.ts';
import { loopback } from '../support/loopback.ts';
import { until } from '../support/servers.ts';
import { type Subscriber, startSubscriber } from '../support/subscriber.ts';

const TIMEOUT_MILLISECONDS = 300;
const SECRETS = { secret: 'whsec_bWFkZS11cA==', headers: [] };

/** A subscriber's answer is of no interest but for its status: nothing that it does may keep us. */
describe('the answer of a subscriber', () => {
  let subscriber: Subscriber;
  let sender: Sender;
  beforeEach(async () => {
    subscriber = await startSubscriber();
    sender = createSender(loopback, { now: () => instant(Date.now()) }, TIMEOUT_MILLISECONDS);
  });
  afterEach(async () => {
    sender.close();
    await subscriber.close();
  });
  const send = () => sender.send({ id: 'a', method: 'POST', url: subscriber.url, body: null }, SECRETS);

  it('is not waited for when its end does not come, and its connection is given up', async () => {
    let isClosed = false;
    subscriber.answer = (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => {
        isClosed = true;
        clearInterval(drip);
      });
    };
    const began = Date.now();
    expect(await send()).to.deep.equal({ outcome: 'delivered' });
    expect(Date.now() - began).to.be.lessThan(TIMEOUT_MILLISECONDS);
    await until('it is given up', async () => isClosed, TIMEOUT_MILLISECONDS * 10);
  });

  it('is not read beyond what is short', async () => {
    let [sent, isClosed] = [0, false];
    const chunk = Buffer.alloc(64 * 1024);
    subscriber.answer = (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const more = (): void => {
        if (response.destroyed) return;
        sent += chunk.length;
        if (response.write(chunk)) setImmediate(more);
        else response.once('drain', more);
      };
      response.on('close', () => {
        isClosed = true;
      });
      more();
    };
    expect(await send()).to.deep.equal({ outcome: 'delivered' });
    await until('it is given up', async () => isClosed, TIMEOUT_MILLISECONDS * 10);
    // What fits into sockets, and no more.
    expect(sent).to.be.lessThan(16 * 1024 * 1024);
  });
});
