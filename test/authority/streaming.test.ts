import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { publicationHandler } from '../../src/authority/http.ts';
import { ADMINISTRATOR } from '../../src/domain/access.ts';
import { HOUR } from '../../src/domain/instant.ts';
import type { PublicationReader, PublishedSlot } from '../../src/engine/ports/publication.ts';
import { fakePorts, NOW, uuid } from '../support/fake-ports.ts';
import { linesOf } from '../support/scheduling-links.ts';
import { until } from '../support/servers.ts';

/** More than any buffer between the two ends holds: some 30 MB. */
const SLOTS = 100_000;
const PAGE = 1_000;
const PAGES = SLOTS / PAGE;
const FILE = '/fhir/$bulk-publish/Slot-1.ndjson';

const slot = (number: number): PublishedSlot => ({
  id: uuid(number),
  scheduleId: 'agenda-tremblay',
  startMs: NOW + HOUR + number,
  endMs: NOW + 2 * HOUR + number,
  status: 'free',
  bookingUrl: '"https://vendor.example/book"',
  mark: String(number),
});

/** A server whose store makes its slots up as they are read, and counts the pages. */
async function publishing(options: { slots?: number; failAtPage?: number; oneMoreAtPage?: number } = {}) {
  const { slots = SLOTS, failAtPage, oneMoreAtPage } = options;
  let pages = 0;
  let count = slots;
  const reported: unknown[] = [];
  let served: ServerResponse | null = null;
  const publication: PublicationReader = {
    async publishedSlots(_query, after, limit) {
      pages += 1;
      if (pages === failAtPage) throw new Error('the connection was lost');
      if (pages === oneMoreAtPage) count += 1;
      const first = after === null ? 1 : after.atMs - NOW - HOUR + 1;
      const length = Math.max(0, Math.min(limit, count - first + 1));
      return Array.from({ length }, (_, index) => slot(first + index));
    },
    publicationTally: async () => ({ slots: count, marks: (BigInt(count) * BigInt(count + 1)) / 2n }),
  };
  const handler = publicationHandler({
    ...fakePorts(),
    publication,
    limits: { slotsPerPage: PAGE },
    publicUrl: null,
    report: (error) => `error ${reported.push(error)}`,
  });
  const server = createServer((asked, response) => {
    served = response;
    void handler(asked, response, () => undefined, ADMINISTRATOR);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    reported,
    pages: () => pages,
    response: () => served,
    /** Not read yet; and no header that says what is taken. */
    ask: (path: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        request({ port, path }, resolve).on('error', reject).end();
      }),
    close: () =>
      new Promise<unknown>((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  return text;
}

/** What is to happen without anybody waiting has happened. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await nextTurn();
}

describe('scheduling links: a file goes out as it is taken', () => {
  let gateway: Awaited<ReturnType<typeof publishing>>;
  const publish = async (options?: Parameters<typeof publishing>[0]): Promise<void> => {
    gateway = await publishing(options);
  };
  afterEach(() => gateway.close());

  /** A client that has asked for the file and takes nothing of it, once no more goes into the buffers on the way. */
  async function stalled(): Promise<IncomingMessage> {
    const answer = await gateway.ask(FILE);
    answer.pause();
    await until('the buffers are full', async () => gateway.response()?.writableNeedDrain ?? false);
    await settle();
    return answer;
  }

  it('page by page: while the client takes nothing, nothing is read', async () => {
    await publish();
    const answer = await stalled();
    const read = gateway.pages();
    expect(read).to.be.below(PAGES / 2);
    await settle();
    expect(gateway.pages()).to.equal(read);

    const lines = linesOf(await textOf(answer)) as { id: string }[];
    expect(lines.length).to.equal(SLOTS);
    expect(new Set(lines.map(({ id }) => id)).size).to.equal(SLOTS);
    expect(gateway.pages()).to.equal(PAGES + 1);
    expect(gateway.reported).to.deep.equal([]);
  });

  it('and is not read on when the client has gone', async () => {
    await publish();
    const answer = await stalled();
    const read = gateway.pages();
    answer.destroy();
    await until('the server has seen it', async () => gateway.response()?.closed ?? false);
    await settle();
    expect(gateway.pages() - read).to.be.at.most(1);
    expect(gateway.reported, 'it is no defect').to.deep.equal([]);
  });

  for (const slots of [0, 1, PAGE - 1]) {
    it(`of ${slots} slots by one look at the store`, async () => {
      await publish({ slots });
      const answer = await gateway.ask(FILE);
      expect(answer.statusCode).to.equal(200);
      expect(answer.headers['content-type']).to.equal('application/fhir+ndjson');
      expect(linesOf(await textOf(answer)).length).to.equal(slots);
      expect(gateway.pages()).to.equal(1);
    });
  }

  for (const [title, options, defects] of [
    ['a page cannot be read', { slots: 10 * PAGE, failAtPage: 7 }, 1],
    ['it is not what it was announced as', { slots: 10 * PAGE, oneMoreAtPage: 7 }, 0],
  ] as const) {
    it(`and is broken off where ${title}, so that nobody takes it for whole`, async () => {
      await publish(options);
      const answer = await gateway.ask(FILE);
      const fault = await textOf(answer).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(Error);
      expect(answer.complete).to.equal(false);
      await until('it is over', async () => gateway.response()?.closed ?? false);
      expect(gateway.reported).to.have.length(defects);
    });
  }
});
