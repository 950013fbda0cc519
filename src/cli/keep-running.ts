import type { Logger } from 'pino';
import type { FailedStart } from '../config/editing/editor.ts';
import { ConfigurationError } from '../config/problems.ts';
import type { Configuration } from '../config/read-configuration.ts';
import type { Clock } from '../domain/environment.ts';
import { SECOND } from '../domain/instant.ts';
import type { Gateway } from './dependencies.ts';
import { messageOf } from './message-of.ts';

/**
 * Runs a gateway by a file for as long as it is wanted, and anew whenever the file says something else. What cannot be read
 * changes nothing; what cannot be started gives way to what ran before (docs/decisions/0033).
 */

export type Loaded = {
  /** SHA-256 of the text, in hex. */
  readonly revision: string;
  readonly configuration: Configuration;
};

export type KeptRunning = {
  /** Of the file as it is now. Rejects with ConfigurationError where it cannot be read. */
  readonly revision: () => Promise<string>;
  /** Rejects with ConfigurationError on what is wrong with it. @param former what runs; null = it is the start. */
  readonly load: (former: Loaded | null) => Promise<Loaded>;
  readonly start: (loaded: Loaded) => Promise<Gateway>;
  /** Told once it runs, each time. */
  readonly onStarted: (gateway: Gateway, loaded: Loaded, isFirst: boolean) => Promise<void> | void;
  /** Aborted = that is the end. */
  readonly over: AbortSignal;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
};

/** Between two looks at the file. */
export const LOOK_MILLISECONDS = 2 * SECOND;

export type Keeper = {
  /** Resolves at the end, once all is closed; rejects where the first start does. */
  readonly run: () => Promise<void>;
  /** Has it look now. @param always also where the file says what it said: secrets that it refers to may have changed. */
  readonly look: (always: boolean) => void;
  readonly running: () => string;
  readonly failed: () => FailedStart | null;
};

export function createKeeper(options: KeptRunning): Keeper {
  const { revision, load, start, onStarted, over, clock, logger } = options;
  const bell = createBell(clock, over);
  let running: Loaded | null = null;
  let failed: FailedStart | null = null;
  /** The revision that was not taken: it is told of once. */
  let refused: string | null = null;

  /** Null = there is nothing that should run instead. */
  async function wanted(former: Loaded, always: boolean): Promise<Loaded | null> {
    const seen = await revision().catch(() => '');
    if (!always && (seen === former.revision || seen === refused)) {
      // Whoever has put it back as it was has taken back what was refused.
      if (seen === former.revision) refused = null;
      return null;
    }
    try {
      return await load(former);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      refused = seen;
      logger.error(
        { problems: error.format().split('\n') },
        'the configuration file was not taken: the former configuration goes on',
      );
      return null;
    }
  }

  /** Until it runs, or all is over: by the new one, or by the former where that cannot be. */
  async function startAnew(next: Loaded, former: Loaded): Promise<Gateway | null> {
    for (const loaded of once(next, former, over)) {
      try {
        const gateway = await start(loaded);
        running = loaded;
        if (loaded === next) [failed, refused] = [null, null];
        logger.info({ revision: loaded.revision }, 'configuration taken');
        await onStarted(gateway, loaded, false);
        return gateway;
      } catch (error) {
        const reason = messageOf(error) ?? 'it could not be started: the log has why';
        if (loaded === next) {
          failed = { revision: next.revision, reason };
          refused = next.revision;
        }
        logger.error(
          {
            revision: loaded.revision,
            reason,
            ...(messageOf(error) === null ? { stack: placeOf(error) } : {}),
          },
          'the gateway could not be started: by the former configuration again',
        );
        if (loaded === former) await clock.sleep(LOOK_MILLISECONDS, over).catch(() => undefined);
      }
    }
    return null;
  }

  return {
    async run() {
      let loaded = await load(null);
      running = loaded;
      let gateway: Gateway | null = await start(loaded);
      try {
        await onStarted(gateway, loaded, true);
        while (!over.aborted) {
          const always = await bell.heard();
          const next = over.aborted ? null : await wanted(loaded, always);
          if (!next) continue;
          await gateway?.close();
          gateway = null;
          gateway = await startAnew(next, loaded);
          loaded = running;
        }
      } finally {
        await gateway?.close();
      }
    },
    look: bell.ring,
    running: () => running?.revision ?? '',
    failed: () => failed,
  };
}

/** The one, then the other again and again. */
function* once(next: Loaded, former: Loaded, over: AbortSignal): Generator<Loaded> {
  yield next;
  while (!over.aborted) yield former;
}

/** Without its message, which may quote anything. */
const placeOf = (error: unknown): readonly string[] =>
  (error instanceof Error ? (error.stack ?? '') : '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 10)
    .map((line) => line.trim());

function createBell(clock: Pick<Clock, 'sleep'>, over: AbortSignal) {
  let waiting: AbortController | null = null;
  let rung: boolean | null = null;
  over.addEventListener('abort', () => waiting?.abort(), { once: true });
  return {
    ring: (always: boolean): void => {
      rung = always || rung === true;
      waiting?.abort();
    },
    /** Once it is rung, or it is time to look. @returns whether somebody wants it always. */
    async heard(): Promise<boolean> {
      if (rung === null && !over.aborted) {
        waiting = new AbortController();
        await clock.sleep(LOOK_MILLISECONDS, waiting.signal).catch(() => undefined);
        waiting = null;
      }
      const always = rung === true;
      rung = null;
      return always;
    },
  };
}
