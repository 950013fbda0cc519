import type { Connect, Listening, Receive } from '../../src/adapter/contract.ts';
import type { Fault } from '../../src/adapter/faults.ts';
import { faultOfImap } from '../../src/adapter/imap/client.ts';
import { backoff } from '../../src/domain/backoff.ts';
import { DAY, type Instant, MINUTE, plus, SECOND } from '../../src/domain/instant.ts';
import { type Judging, judge, refused, setAside, type Verdict } from './judge.ts';
import { type Mailbox, MESSAGE_BYTES_MAX, type Waiting } from './mailbox.ts';
import type { Settings } from './manifest.ts';

/**
 * Hears what arrives. A message is moved out of the inbox once what it says is committed, and never before: so the mailbox itself
 * knows what is still to be told, to this process and to every other.
 */

/** Of a message on which our own code fails: it must not stop the rest, nor be lost. */
const STOPPED = setAside('it cannot be read: a defect of the adapter');

/** As long as nothing comes, so often it is said that nothing waits. */
const QUIET_MILLISECONDS = MINUTE;
const AGAIN_MILLISECONDS_MIN = SECOND;
const AGAIN_MILLISECONDS_MAX = MINUTE;
/** Taken in one go. */
const BATCH_MAX = 200;
/** In a row: then it is not the message. */
const FAILURES_MAX = 3;

type Options = Pick<Connect<Settings>, 'settings' | 'environment'> & {
  readonly zoneOf: Judging['zoneOf'];
  /** @throws Fault */
  readonly open: (signal: AbortSignal) => Promise<Mailbox>;
};

export const hearing =
  (options: Options) =>
  async (receive: Receive): Promise<Listening> => {
    const stopping = new AbortController();
    const { host, port } = options.settings;
    const heard = new Hearing(options, receive, stopping.signal).run();
    return {
      address: `${host}:${port}`,
      async close() {
        stopping.abort();
        await heard;
      },
    };
  };

class Hearing {
  readonly #options: Options;
  readonly #receive: Receive;
  readonly #signal: AbortSignal;
  #failures = 0;
  #deafBy: string | null = null;
  #moved = 0;
  /** By their numbers in the inbox, as long as this session lasts. */
  readonly #failed = new Set<number>();

  constructor(options: Options, receive: Receive, signal: AbortSignal) {
    this.#options = options;
    this.#receive = receive;
    this.#signal = signal;
  }

  /** Ends when it is told to, and by nothing else: a mailbox that is away for a day is heard again after it. */
  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        await this.#session();
      } catch (error) {
        this.#failures += 1;
        await this.#sayDeaf(faultOfImap(error, this.#options.settings.host));
      }
      await this.#pause();
    }
  }

  /**
   * Once for each reason, until it is heard again: its feeds become stale meanwhile. A session that ends is nothing yet, as
   * servers end them at will; that no other can be had is.
   */
  async #sayDeaf(fault: Fault): Promise<void> {
    if (fault.kind === 'unavailable' && this.#failures < 2) return;
    if (this.#signal.aborted || this.#deafBy === fault.message) return;
    this.#deafBy = fault.message;
    await this.#receive({ outcome: 'deaf', fault }).catch(() => undefined);
  }

  async #session(): Promise<void> {
    const mailbox = await this.#options.open(this.#signal);
    this.#deafBy = null;
    this.#failed.clear();
    try {
      while (!this.#signal.aborted) {
        const isDone = await this.#pass(mailbox);
        if (this.#signal.aborted) return;
        if (!isDone) {
          this.#failures += 1;
          await this.#pause();
          continue;
        }
        this.#failures = 0;
        // Whoever could not note it has said why.
        await this.#receive({ outcome: 'silence' }).catch(() => undefined);
        await this.#untilNews(mailbox);
      }
    } finally {
      await mailbox.close();
    }
  }

  /** @returns whether nothing waits any more. */
  async #pass(mailbox: Mailbox): Promise<boolean> {
    const { environment, settings } = this.#options;
    for (;;) {
      const since = plus(environment.clock.now(), -settings.days * DAY);
      const waiting = await mailbox.waiting(since, BATCH_MAX);
      const moved = this.#moved;
      let failures = 0;
      let inARow = 0;
      for (const message of this.#inTurn(waiting)) {
        if (this.#signal.aborted) return false;
        const isTold = await this.#tell(mailbox, message, since);
        if (isTold) this.#failed.delete(message.uid);
        else this.#failed.add(message.uid);
        failures += isTold ? 0 : 1;
        inARow = isTold ? 0 : inARow + 1;
        if (inARow === FAILURES_MAX) return false;
      }
      if (failures > 0 || waiting.length < BATCH_MAX) return failures === 0;
      if (this.#moved === moved) return false;
    }
  }

  /** As they came; but what failed before comes last, so that it keeps nobody waiting. What is told has an order of its own. */
  #inTurn(waiting: readonly Waiting[]): readonly Waiting[] {
    const failed = waiting.filter(({ uid }) => this.#failed.has(uid));
    return [...waiting.filter(({ uid }) => !this.#failed.has(uid)), ...failed];
  }

  /** @returns false when it could not be committed: it stays where it is, and is told again. */
  async #tell(mailbox: Mailbox, { uid, bytes }: Waiting, since: Instant): Promise<boolean> {
    let verdict: Verdict;
    if (bytes > MESSAGE_BYTES_MAX) verdict = refused('longer than 1 MiB');
    else {
      const source = await mailbox.source(uid);
      if (source === null) return true;
      verdict = await this.#judge(source).catch(() => STOPPED);
    }
    const isOver = await this.#hasEnded(mailbox, verdict, since);
    const news = isOver ? { ...verdict.news, rows: [] } : verdict.news;
    try {
      if (!isEmpty(news)) await this.#receive(news);
    } catch {
      // Whoever received it has said why.
      return false;
    }
    await mailbox.move(uid, verdict.folder);
    this.#moved += 1;
    return true;
  }

  /**
   * Mail overtakes mail: a cancellation that came before its booking told of nothing that anybody knew, and lies in the mailbox with
   * the later time.
   */
  async #hasEnded(mailbox: Mailbox, { notice }: Verdict, since: Instant): Promise<boolean> {
    if (notice?.kind !== 'stands') return false;
    const { externalId, sequence } = notice;
    for await (const source of mailbox.mentioning(externalId, since)) {
      const other = (await this.#judge(source).catch(() => STOPPED)).notice;
      if (other?.kind === 'ended' && other.externalId === externalId && other.sequence > sequence)
        return true;
    }
    return false;
  }

  #judge(source: Buffer): Promise<Verdict> {
    const { settings, environment, zoneOf } = this.#options;
    return judge(source, { settings, zoneOf, now: environment.clock.now() });
  }

  async #untilNews(mailbox: Mailbox): Promise<void> {
    const waiting = new AbortController();
    const either = AbortSignal.any([this.#signal, waiting.signal]);
    const quiet = this.#options.environment.clock.sleep(QUIET_MILLISECONDS, either).catch(() => undefined);
    await Promise.race([quiet, mailbox.news(either)]);
    waiting.abort();
  }

  async #pause(): Promise<void> {
    const { clock, random } = this.#options.environment;
    const wait = backoff(this.#failures, random, AGAIN_MILLISECONDS_MIN, AGAIN_MILLISECONDS_MAX);
    await clock.sleep(wait, this.#signal).catch(() => undefined);
  }
}

const isEmpty = ({ rows, removed, rejected }: Verdict['news']): boolean =>
  rows.length === 0 && removed.length === 0 && rejected.length === 0;
