import { Redis, type RedisOptions } from 'ioredis';
import { watch } from './watch.ts';

/** The connections to Redis of all Bull queues of a process. */
export type Connections = {
  /** Carries every command that does not block. */
  readonly shared: Redis;
  /** For Bull: one shared client, one shared subscriber, and a client of its own for each blocking pop. */
  readonly create: (type: 'client' | 'subscriber' | 'bclient') => Redis;
  /**
   * Ends the blocking pops at once (Bull itself would go on popping for half a second), and no longer waits for a
   * Redis that is out of reach: a command fails at the next failed reconnection.
   */
  readonly end: () => void;
  readonly close: () => void;
  /** Since it was last reached, it could not be. */
  readonly isDown: () => boolean;
};

const RECONNECT_MILLISECONDS_MAX = 1_000;

/** After so many failed reconnections, in about 3 s, a command is given up; the outbox tries again. */
const RETRIES = 7;

/** Silence after which the system asks whether the other end is there. */
const KEEP_ALIVE_MILLISECONDS = 10_000;

const COMMON: RedisOptions = {
  enableReadyCheck: false,
  keepAlive: KEEP_ALIVE_MILLISECONDS,
  retryStrategy: (times) => Math.min(times * 100, RECONNECT_MILLISECONDS_MAX),
};

/** Waits for ever, as Bull asks of a client that blocks or subscribes. */
const PATIENT: RedisOptions = { ...COMMON, maxRetriesPerRequest: null };

/**
 * They reconnect by themselves. Of an outage only the first error and the end are logged.
 * @param name what CLIENT LIST shows; Bull gives the blocking clients names that begin with it.
 * @param silence for how long, ms, nothing may be heard on a connection: that of the commands, and those that wait.
 */
export function createConnections(
  redisUrl: string,
  name: string,
  log: (message: string, error: unknown) => void,
  silence: { readonly commands: number; readonly waiting: number },
): Connections {
  const all: Redis[] = [];
  const open = (options: RedisOptions, silenceMilliseconds: number, givenUp?: () => void): Redis => {
    const client = new Redis(redisUrl, {
      ...options,
      connectionName: name,
      connectTimeout: silenceMilliseconds,
    });
    watch(client, silenceMilliseconds, givenUp);
    // Each queue listens on the shared ones.
    client.setMaxListeners(0);
    all.push(client);
    return client;
  };

  const shared = open({ ...COMMON, maxRetriesPerRequest: RETRIES }, silence.commands);
  let down = false;
  shared.on('error', (error: Error) => {
    if (down) return;
    down = true;
    log('Redis cannot be reached; each process that works goes on by itself', error);
  });
  shared.on('ready', () => {
    if (down) log('Redis is reached again', null);
    down = false;
  });

  /** Where only the network was parted the server would go on, and pop work for nobody: for each pop that it was sent. */
  const openBlocking = (): Redis => {
    let id: number | null = null;
    const client = open(PATIENT, silence.waiting, () => {
      if (id !== null) shared.client('KILL', 'ID', id).catch(() => undefined);
    });
    client.on('connect', () => {
      id = null;
      client.client('ID').then(
        (own) => {
          id = own;
        },
        () => undefined,
      );
    });
    return tolerant(client);
  };

  const blocking: Redis[] = [];
  let subscriber: Redis | null = null;
  return {
    shared,
    create: (type) => {
      if (type === 'client') return shared;
      if (type === 'bclient') {
        const client = openBlocking();
        blocking.push(client);
        return client;
      }
      subscriber ??= open(PATIENT, silence.waiting);
      return subscriber;
    },
    end: () => {
      shared.options.maxRetriesPerRequest = 0;
      for (const client of blocking) client.disconnect();
    },
    close: () => {
      for (const client of all) client.disconnect();
    },
    isDown: () => down,
  };
}

/**
 * To end a blocking pop Bull disconnects this client and connects it anew, without listening to how that goes until
 * the running jobs have ended; with Redis down the process would die of an unhandled rejection.
 */
function tolerant(client: Redis): Redis {
  client.on('error', () => undefined);
  const connect = client.connect.bind(client);
  client.connect = () => connect().catch(() => undefined);
  return client;
}
