import { type Connect, defineAdapter, type Operations, type Written } from '../../src/adapter/contract.ts';
import { createMllpClient } from '../../src/adapter/mllp/client.ts';
import { type Reply, readReply } from './acknowledgement.ts';
import { hearing } from './hearing.ts';
import { manifest, type Settings } from './manifest.ts';
import { type Outgoing, write } from './outgoing.ts';

const MESSAGE_BYTES_MAX = 64 * 1024;

export default defineAdapter({
  manifest,
  connect: (options) => {
    const { settings, targets, limits } = options;
    const client = createMllpClient({
      url: settings.address,
      tls: settings.tls,
      targets,
      timeoutMilliseconds: limits.timeoutMilliseconds,
      bytesMax: MESSAGE_BYTES_MAX,
    });
    return {
      async *read() {
        yield { kind: 'end', complete: null, cursor: null, trueAt: null };
      },
      operations: operationsOf(options, client.send),
      listen: hearing(options),
      check: client.check,
      close: async () => undefined,
    };
  },
});

function operationsOf(
  { settings, pace, environment }: Connect<Settings>,
  send: (message: Buffer) => Promise<Buffer>,
): Partial<Operations> {
  const tell = (outgoing: Outgoing): Promise<Reply> =>
    pace(async () => {
      // 20 characters at the most (HL7 v2.5.1, section 2.14.9.10).
      const controlId = environment.ids.next().replaceAll('-', '').slice(0, 20);
      const answer = await send(write(outgoing, controlId, settings, environment.clock.now()));
      return readReply(answer, controlId, settings.takenCodes);
    });
  const end = async (event: 'S15' | 'S24', calendar: string, externalId: string): Promise<Written> => {
    const reply = await tell({ event, calendar, externalId, interval: null, patient: null });
    if (reply === 'taken') return { outcome: 'taken' };
    return reply === 'unknown' ? { outcome: 'gone' } : { ...done(externalId), externalId: null };
  };
  return {
    async block({ calendar, mark, interval, known }) {
      // There is no event that moves closed time: it is opened, and closed where it is wanted. Both may be repeated.
      if (known) await end('S24', calendar, known.externalId);
      return writtenOf(
        mark,
        await tell({ event: 'S23', calendar, externalId: mark, interval, patient: null }),
      );
    },
    unblock: ({ calendar, known }) => end('S24', calendar, known.externalId),
    async book({ calendar, mark, interval, patient }) {
      return writtenOf(mark, await tell({ event: 'S12', calendar, externalId: mark, interval, patient }));
    },
    cancel: ({ calendar, known }) => end('S15', calendar, known.externalId),
    async move({ calendar, known: { externalId }, interval }) {
      return writtenOf(
        externalId,
        await tell({ event: 'S13', calendar, externalId, interval, patient: null }),
      );
    },
  };
}

const done = (externalId: string) =>
  ({ outcome: 'done', externalId, revision: null, sequence: null }) as const;

const writtenOf = (externalId: string, reply: Reply): Written =>
  reply === 'done' ? done(externalId) : { outcome: reply === 'unknown' ? 'gone' : 'taken' };
