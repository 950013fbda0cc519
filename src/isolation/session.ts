import type { MessagePort, Worker } from 'node:worker_threads';
import type { Fault } from '../adapter/faults.ts';
import type { Pace } from '../adapter/pace.ts';
import { type Answer, NOTHING } from './answers.ts';
import { BEATS, type Method, OUTSIDE_KIB, type ThreadConnect, type ToThread } from './messages.ts';
import { type Answered, lost, messageIn, read, reasonOf, tooLarge } from './outcome.ts';
import { startThread } from './start-thread.ts';
import { createTurns, type Turns } from './turns.ts';

/** One thread with an adapter in it, from its start to its end. Who ends it ends every call that waits on it. */

export type Bounds = {
  /** How often the thread is looked at. What follows is counted in these, so that a gateway that was busy blames nobody. */
  readonly tickMilliseconds: number;
  /** Of its heap, and as much again outside of it (buffers). */
  readonly memoryMebibytes: number;
  /** For which it may run on without a pause, as in a loop without end. */
  readonly busyMilliseconds: number;
  /** Within which it must have loaded and connected. */
  readonly startMilliseconds: number;
  /** Of one call, but for the time that the platform's limits make it wait. */
  readonly callMilliseconds: number;
  /** Messages between two ticks. */
  readonly messages: number;
};

export type Call<Value> = {
  readonly method: Method;
  readonly argument?: unknown;
  readonly answer: Answer<Value>;
  /** Whether it may have changed something at the platform, once the thread has been told. */
  readonly writes?: boolean;
  readonly signal?: AbortSignal;
};

type Waiting = {
  readonly writes: boolean;
  readonly ticksMax: number;
  ticks: number;
  readonly settle: (message: Answered) => void;
  readonly fail: (fault: Fault) => void;
};

export class Session {
  readonly #bounds: Bounds;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #pulse: Int32Array;
  readonly #turns: Turns;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watch: NodeJS.Timeout;
  readonly #opened: Promise<null>;
  #calls = 0;
  #messages = 0;
  #beats = 0;
  #silentTicks = 0;
  #residentBytes = 0;
  #over: string | null = null;

  constructor(entry: string, connect: ThreadConnect, pace: Pace, bounds: Bounds) {
    this.#bounds = bounds;
    const { worker, port, pulse } = startThread(
      { entry, task: connect, beatMilliseconds: bounds.tickMilliseconds },
      bounds.memoryMebibytes,
    );
    this.#worker = worker;
    this.#port = port;
    this.#pulse = pulse;
    this.#turns = createTurns(pace, (id) => this.#post({ kind: 'turn', id }));
    worker.on('error', (error) => this.end(reasonOf(error, bounds.memoryMebibytes)));
    worker.on('exit', () => this.end('it ended its own thread'));
    port.on('message', (text: unknown) => this.#hear(text));
    this.#watch = setInterval(() => this.#look(), bounds.tickMilliseconds);
    this.#watch.unref();
    this.#opened = this.#send({ method: 'opened', answer: NOTHING }, bounds.startMilliseconds);
    this.#opened.catch(() => this.end('it could not be opened'));
  }

  get isOver(): boolean {
    return this.#over !== null;
  }

  /** @throws Fault, or the signal's reason. */
  async call<Value>(call: Call<Value>): Promise<Value> {
    // A write before which it could not be opened has certainly not landed.
    await this.#opened;
    return this.#send(call, this.#bounds.callMilliseconds);
  }

  /** What waits on it ends with a fault for that reason. */
  end(reason: string): void {
    if (this.#over !== null) return;
    this.#over = reason;
    clearInterval(this.#watch);
    this.#turns.close();
    this.#port.close();
    void this.#worker.terminate();
    for (const { writes, fail } of this.#waiting.values()) fail(lost(reason, writes));
    this.#waiting.clear();
  }

  #send<Value>(call: Call<Value>, milliseconds: number): Promise<Value> {
    const { method, argument, answer, signal, writes = false } = call;
    if (this.#over !== null) return Promise.reject(lost(this.#over, false));
    const id = this.#calls;
    this.#calls += 1;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#post({ kind: 'abort', id });
        this.#waiting.delete(id);
        reject(signal?.reason);
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', abort, { once: true });
      const left = (): void => signal?.removeEventListener('abort', abort);
      this.#waiting.set(id, {
        writes,
        ticks: 0,
        ticksMax: Math.ceil(milliseconds / this.#bounds.tickMilliseconds),
        settle: (message) => {
          left();
          try {
            resolve(read(message, answer, writes));
          } catch (error) {
            reject(error);
          }
        },
        fail: (fault) => {
          left();
          reject(fault);
        },
      });
      this.#post({ kind: 'call', id, method, argument });
    });
  }

  #post(message: ToThread): void {
    if (this.#over === null) this.#port.postMessage(message);
  }

  #hear(text: unknown): void {
    this.#messages += 1;
    const message = messageIn(text);
    if (this.#messages > this.#bounds.messages) this.end('it floods Passerelle with messages');
    else if (message === null) this.end('it sent what is no message');
    else if (message.kind === 'turn') this.#turns.ask(message.id);
    else if (message.kind === 'ended') this.#turns.end(message.id);
    else {
      // One that was aborted is answered to nobody.
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      waiting?.settle(message);
    }
  }

  #look(): void {
    this.#messages = 0;
    const trouble = this.#troubleOfThread() ?? this.#troubleOfCalls();
    if (trouble !== null) this.end(trouble);
  }

  #troubleOfThread(): string | null {
    const { busyMilliseconds, tickMilliseconds, memoryMebibytes } = this.#bounds;
    const beats = Atomics.load(this.#pulse, BEATS);
    const resident = process.memoryUsage.rss();
    // Before the first one it is still being started, for which it has a time of its own.
    if (beats !== this.#beats || beats === 0) {
      this.#silentTicks = 0;
      this.#residentBytes = resident;
    } else this.#silentTicks += 1;
    this.#beats = beats;
    const most = memoryMebibytes * 1024;
    // A thread that is busy does not tell what it holds, but the process grows.
    const grown = this.#silentTicks === 0 ? 0 : (resident - this.#residentBytes) / 1024;
    if (Atomics.load(this.#pulse, OUTSIDE_KIB) > most || grown > 2 * most) return tooLarge(memoryMebibytes);
    if (this.#silentTicks * tickMilliseconds < busyMilliseconds) return null;
    return `it was busy for ${busyMilliseconds} ms without a pause`;
  }

  /** While the platform's limits make it wait, no call grows older. */
  #troubleOfCalls(): string | null {
    if (this.#turns.areAwaited()) return null;
    for (const waiting of this.#waiting.values()) waiting.ticks += 1;
    const late = [...this.#waiting.values()].find(({ ticks, ticksMax }) => ticks >= ticksMax);
    return late ? `it did not answer within ${late.ticksMax * this.#bounds.tickMilliseconds} ms` : null;
  }
}
