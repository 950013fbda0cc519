import type { Listening, News, Platform, Receive } from '../../../src/adapter/contract.ts';
import { createMllpClient } from '../../../src/adapter/mllp/client.ts';
import { listenMllp } from '../../../src/adapter/mllp/server.ts';
import { createTargets } from '../../../src/adapter/targets.ts';
import { SECOND } from '../../../src/domain/instant.ts';
import { type Broken, broken, type Spoil } from './broken.ts';

/** Adapters that listen wrongly to a platform which cannot be asked. */

const listen = (platform: Platform, receive: Receive): Promise<Listening> => {
  if (!platform.listen) throw new Error('the right adapter listens');
  return platform.listen(receive);
};

type Payload = Extract<News, { outcome: 'payload' }>;

/** What it hears in another way. */
const hearing =
  (change: (payload: Payload) => Payload): Spoil =>
  (platform) => ({
    listen: (receive) =>
      listen(platform, (news) => receive(news.outcome === 'payload' ? change(news) : news)),
  });

const MESSAGE_BYTES_MAX = 512 * 1024;

/** Stands before the right adapter's ear, and accepts what that refuses. */
async function accepting(platform: Platform, receive: Receive): Promise<Listening> {
  const ear = await listen(platform, receive);
  const { send } = createMllpClient({
    url: `mllp://${ear.address}`,
    tls: {},
    targets: createTargets(['127.0.0.0/8']),
    timeoutMilliseconds: 5 * SECOND,
    bytesMax: MESSAGE_BYTES_MAX,
  });
  const front = await listenMllp({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    peers: [],
    bytesMax: MESSAGE_BYTES_MAX,
    answer: async (message) => [
      Buffer.from((await send(message)).toString('utf8').replace('MSA|AR', 'MSA|AA')),
    ],
    refuse: () => null,
    onQuiet: async () => undefined,
  });
  return {
    address: front.address,
    close: async () => {
      await front.close();
      await ear.close();
    },
  };
}

export const LISTENING: readonly Broken[] = [
  broken(
    'acknowledges what it was told before that is committed',
    ['told-then-acknowledged', 'told-not-committed'],
    (platform) => ({
      listen: (receive) =>
        listen(platform, async (news) => {
          receive(news).catch(() => undefined);
        }),
    }),
    'telling',
  ),
  broken(
    'names what it is told by the message and not by the thing',
    'told-twice',
    (platform, options) => {
      let messages = 0;
      return hearing((payload) => {
        messages += 1;
        return {
          ...payload,
          rows: payload.rows.map((row) => ({ ...row, externalId: `${row.externalId} of ${messages}` })),
        };
      })(platform, options);
    },
    'telling',
  ),
  broken(
    'refuses what it is told a second time',
    'told-twice',
    (platform) => {
      const told = new Set<string>();
      return {
        listen: (receive) =>
          listen(platform, async (news) => {
            const text = JSON.stringify(news);
            if (news.outcome === 'payload' && told.has(text)) throw new Error('it was told before');
            told.add(text);
            await receive(news);
          }),
      };
    },
    'telling',
  ),
  broken(
    'repeats a value of what it set aside',
    'told-malformed',
    hearing((payload) => ({
      ...payload,
      rejected: payload.rejected.map((each) => ({
        ...each,
        reason: `not valid: ${JSON.stringify(each.raw)}`,
      })),
    })),
    'telling',
  ),
  broken(
    'says nothing of what it could not read',
    'told-malformed',
    hearing((payload) => ({ ...payload, rejected: [] })),
    'telling',
  ),
  broken(
    'has a malformed record told again for ever',
    'told-malformed',
    hearing((payload) => {
      if (payload.rejected.length > 0) throw new Error('a record does not fit');
      return payload;
    }),
    'telling',
  ),
  broken(
    'accepts what it cannot read, lest it be told again',
    'told-hostile',
    (platform) => ({ listen: (receive) => accepting(platform, receive) }),
    'telling',
  ),
  broken(
    'calls what it has heard so far all that there is',
    'told-end-confirms-nothing',
    () => ({
      read: async function* ({ window }) {
        yield { kind: 'end', complete: window, cursor: null };
      },
    }),
    'telling',
  ),
];
