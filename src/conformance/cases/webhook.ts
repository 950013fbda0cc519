import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Capabilities, Platform, WebhookRequest } from '../../adapter/contract.ts';
import { MINUTE } from '../../domain/instant.ts';
import { type Case, declares, graded, hand } from '../case.ts';
import { make } from '../commands.ts';
import { type Context, marked, namesPatient } from '../context.ts';

const DEADLINE_MILLISECONDS = 5000;
const sends = ({ webhook }: Capabilities): boolean => webhook !== 'none';
const tells = ({ webhook }: Capabilities): boolean => webhook === 'payload';
const hints = ({ webhook }: Capabilities): boolean => webhook === 'hint';
/** How a header is called that carries a signature, or a secret that both sides know. */
const PROOF = /signature|token|secret/i;

/** What the platform sent while `act` ran, and until it sent as many as that. */
async function deliveries(
  context: Context,
  wanted: number,
  act: () => Promise<void>,
): Promise<WebhookRequest[]> {
  const pointWebhook = hand(context.bench.pointWebhook, 'send its webhooks here');
  const received: WebhookRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = request.headers as Record<string, string | undefined>;
    received.push({ headers, body: Buffer.concat(chunks) });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await pointWebhook(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await act();
    const deadline = Date.now() + DEADLINE_MILLISECONDS;
    while (received.length < wanted) {
      if (Date.now() > deadline) throw new Error(`${received.length} of ${wanted} webhooks came`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return received;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function oneBooking(context: Context) {
  const time = await context.free();
  const [delivery] = await deliveries(context, 1, async () => {
    await context.patientBooks(time);
  });
  if (!delivery) throw new Error('no webhook came');
  return { time, delivery };
}

async function outcome(platform: Platform, request: WebhookRequest) {
  if (!platform.webhook) throw new Error('webhook is declared and not implemented');
  return platform.webhook(request);
}

export const WEBHOOK: readonly Case[] = graded('silver', [
  {
    id: 'webhook-genuine',
    title: 'a booking is told at once, by a webhook that proves where it comes from and names no patient',
    applies: sends,
    run: async (context) => {
      const { time, delivery } = await oneBooking(context);
      const heard = await outcome(context.connect(), delivery);
      expect(namesPatient(delivery.body.toString('utf8'))).to.equal(false);
      if (heard.outcome !== 'payload') {
        expect(heard.outcome).to.equal('hint');
        return;
      }
      expect(heard.rows.map((row) => [row.kind, row.calendar, row.interval])).to.deep.equal([
        ['busy', context.calendar, time.interval],
      ]);
    },
  },
  {
    id: 'webhook-echo',
    title: 'what we did comes back by webhook with our mark, and its removal after it with a higher sequence',
    applies: (capabilities) => tells(capabilities) && declares('block', 'unblock')(capabilities),
    run: async (context) => {
      const platform = context.connect();
      const time = await context.free();
      const mark = context.mark();
      const heard = [];
      const received = await deliveries(context, 2, async () => {
        const made = await make('block', context, platform, time, mark);
        if (made.outcome !== 'done' || made.externalId === null) throw new Error('the block was refused');
        const known = { externalId: made.externalId, revision: made.revision };
        await platform.operations.unblock?.({ calendar: context.calendar, mark, known });
      });
      for (const delivery of received) heard.push(await outcome(platform, delivery));
      const payloads = heard.filter((each) => each.outcome === 'payload');
      const [row] = marked(
        payloads.flatMap(({ rows }) => rows),
        mark,
      );
      const [removed] = payloads.flatMap((each) => each.removed);
      expect(row?.externalId).to.equal(removed?.externalId);
      expect(removed?.sequence ?? 0).to.be.greaterThan(row?.sequence ?? Number.POSITIVE_INFINITY);
    },
  },
  {
    id: 'webhook-forged',
    title: 'a webhook without what proves where it comes from is refused',
    applies: sends,
    run: async (context) => {
      const { delivery } = await oneBooking(context);
      const platform = context.connect();
      expect(await outcome(platform, { headers: {}, body: delivery.body })).to.deep.include({
        outcome: 'refused',
      });
      for (const name of Object.keys(delivery.headers).filter((header) => PROOF.test(header))) {
        const headers = { ...delivery.headers, [name]: `sha256=${'0'.repeat(64)}` };
        const forged = await outcome(platform, { headers, body: delivery.body });
        expect(forged).to.deep.equal({ outcome: 'refused', reason: 'signature' });
      }
    },
  },
  ...([tells, hints] as const).map((applies) => ({
    // A hint has nothing in it to be believed, so that a platform which does not sign may send one.
    id: applies === tells ? 'webhook-touched' : 'webhook-hint-touched',
    title: 'a webhook whose body was touched is refused',
    isExemptable: applies === hints,
    applies,
    run: async (context: Context) => {
      const { delivery } = await oneBooking(context);
      const changed = Buffer.from(`${delivery.body.toString('utf8')} `);
      const touched = await outcome(context.connect(), { ...delivery, body: changed });
      expect(touched).to.deep.include({ outcome: 'refused' });
    },
  })),
  ...([tells, hints] as const).map((applies) => ({
    id: applies === tells ? 'webhook-replayed' : 'webhook-hint-replayed',
    title: 'a genuine webhook of long ago is refused as a replay',
    isExemptable: applies === hints,
    applies,
    run: async (context: Context) => {
      const { delivery } = await oneBooking(context);
      for (const clockOffsetMilliseconds of [6 * MINUTE, -6 * MINUTE]) {
        const heard = await outcome(context.connect({ clockOffsetMilliseconds }), delivery);
        expect(heard).to.deep.equal({ outcome: 'refused', reason: 'replay' });
      }
      const fresh = await outcome(context.connect({ clockOffsetMilliseconds: 4 * MINUTE }), delivery);
      expect(fresh.outcome).not.to.equal('refused');
    },
  })),
]);
