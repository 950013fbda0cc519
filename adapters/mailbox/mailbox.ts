import type { ImapFlow } from 'imapflow';
import { Fault } from '../../src/adapter/faults.ts';
import { connectImap, faultOfImap, type ImapCredentials } from '../../src/adapter/imap/client.ts';
import type { Targets } from '../../src/adapter/targets.ts';
import { DAY, type Instant, SECOND } from '../../src/domain/instant.ts';
import type { Settings } from './manifest.ts';

/** The folders of one mailbox, over one connection: what waits, what it is, and where it goes. */

/** A notice with its pictures; what is longer is not fetched. */
export const MESSAGE_BYTES_MAX = 1024 * 1024;
/** Of those that name one booking. */
const FOUND_MAX = 20;
/** A command is a call, but one that looks through all texts takes longer than any other does. */
const SEARCHES_TAKE = 3;
const STOPPING_MILLISECONDS = 5 * SECOND;

export type Waiting = { readonly uid: number; readonly bytes: number };
export type Folder = keyof Settings['folders'];

export type Mailbox = {
  /** Messages of the inbox that came since then, as they came. @throws Fault */
  readonly waiting: (since: Instant, most: number) => Promise<readonly Waiting[]>;
  /** Null = it is there no more: another process has it. @throws Fault */
  readonly source: (uid: number) => Promise<Buffer | null>;
  /** @throws Fault */
  readonly move: (uid: number, to: Exclude<Folder, 'inbox'>) => Promise<void>;
  /** Messages that have a text in them, as far as the server finds it: those that wait, then those that were taken. @throws Fault */
  readonly mentioning: (text: string, since: Instant) => AsyncIterable<Buffer>;
  /** Resolves when something arrives, the connection ends or the signal says so. */
  readonly news: (signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type MailboxOptions = {
  readonly settings: Settings;
  readonly targets: Targets;
  readonly timeoutMilliseconds: number;
  readonly credentials: (signal: AbortSignal) => Promise<ImapCredentials>;
};

/** Logged in, with its folders made. @throws Fault */
export async function openMailbox(options: MailboxOptions, signal: AbortSignal): Promise<Mailbox> {
  const { settings, timeoutMilliseconds } = options;
  const client = await logIn(options, signal);
  const giveUp = (): void => client.close();
  // What is under way may end; a server that says nothing, or never ends, keeps nobody waiting who wants to stop.
  signal.addEventListener('abort', () => void setTimeout(giveUp, STOPPING_MILLISECONDS).unref());
  const attempt = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    // The client's own time-out begins anew with each byte.
    const late = setTimeout(giveUp, SEARCHES_TAKE * timeoutMilliseconds);
    try {
      return await call();
    } catch (error) {
      throw faultOfImap(error, settings.host);
    } finally {
      clearTimeout(late);
    }
  };
  try {
    const paths = await attempt(() => pathsOf(client, settings.folders));
    await attempt(() => client.mailboxOpen(paths.inbox));
    return mailboxOf(client, paths, attempt);
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Proves address, credentials and the inbox. @throws Fault */
export async function checkMailbox(options: MailboxOptions, signal: AbortSignal): Promise<void> {
  const { host, folders } = options.settings;
  const client = await logIn(options, signal);
  try {
    await client.mailboxOpen(partsOf(folders.inbox), { readOnly: true });
  } catch (error) {
    throw faultOfImap(error, host);
  } finally {
    client.close();
  }
}

async function logIn(options: MailboxOptions, signal: AbortSignal): Promise<ImapFlow> {
  const { settings, targets, timeoutMilliseconds, credentials } = options;
  const { host, port, security, ca } = settings;
  return connectImap(
    { host, port, security, ca, targets, timeoutMilliseconds, literalBytesMax: MESSAGE_BYTES_MAX + 1 },
    await credentials(signal),
    signal,
  );
}

/** INBOX is one name everywhere; any other is put together as the server does it. */
const partsOf = (path: string): string | string[] => {
  const parts = path.split('/').map((part) => part.trim());
  return parts.length === 1 ? path : parts;
};

type Paths = Readonly<Record<Folder, string>>;

async function pathsOf(client: ImapFlow, folders: Settings['folders']): Promise<Paths> {
  const made = async (name: string): Promise<string> => (await client.mailboxCreate(partsOf(name))).path;
  const inbox = await client.mailboxOpen(partsOf(folders.inbox));
  return {
    inbox: inbox.path,
    taken: await made(folders.taken),
    aside: await made(folders.aside),
    refused: await made(folders.refused),
  };
}

function mailboxOf(
  client: ImapFlow,
  paths: Paths,
  attempt: <Value>(call: () => Promise<Value>) => Promise<Value>,
): Mailbox {
  const BY_UID = { uid: true } as const;
  /** Since what waits was asked for. */
  let hasArrived = false;
  client.on('exists', () => {
    hasArrived = true;
  });
  const source = async (uid: number): Promise<Buffer | null> => {
    const found = await attempt(() => client.fetchOne(uid, { source: true }, BY_UID));
    return found === false ? null : (found?.source ?? null);
  };
  /** In the order that they came; null = the server refuses such a search. One goes by the day, so what is a few hours too old comes as well. */
  const search = async (criteria: { readonly since: Instant; readonly text?: string }) => {
    const since = new Date(criteria.since - DAY);
    const found = await attempt(() => client.search({ ...criteria, since }, BY_UID));
    return found ? found.sort((one, other) => one - other) : null;
  };
  return {
    source,
    async waiting(since, most) {
      hasArrived = false;
      const uids = (await search({ since }))?.slice(0, most);
      if (!uids) throw new Fault('malformed', 'IMAP: the server refuses to search by date');
      if (uids.length === 0) return [];
      const found = await attempt(() => client.fetchAll(uids, { size: true }, BY_UID));
      return found
        .map(({ uid, size }) => ({ uid, bytes: size ?? Number.POSITIVE_INFINITY }))
        .sort((one, other) => one.uid - other.uid);
    },
    async move(uid, to) {
      const moved = await attempt(() => client.messageMove(uid, paths[to], BY_UID));
      // Somebody else may have been quicker.
      if (moved === false && (await source(uid)) !== null)
        throw new Fault('unavailable', `IMAP: the server does not move to the folder ${to}`);
    },
    async *mentioning(text, since) {
      try {
        // What is moved meanwhile is found where it went.
        for (const path of [paths.inbox, paths.taken]) {
          await attempt(() => client.mailboxOpen(path));
          for (const uid of ((await search({ since, text })) ?? []).slice(-FOUND_MAX)) {
            const message = await source(uid);
            if (message) yield message;
          }
        }
      } finally {
        await attempt(() => client.mailboxOpen(paths.inbox));
        // What came while it was not open nobody has told us.
        hasArrived = true;
      }
    },
    news: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          client.off('exists', done);
          client.off('close', done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        client.on('exists', done);
        client.on('close', done);
        signal.addEventListener('abort', done);
        if (signal.aborted || hasArrived || !client.usable) done();
      }),
    async close() {
      client.close();
    },
  };
}
