import { once } from 'node:events';
import { type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { Description, Issues } from './description.ts';
import { ANSWERED } from './messages.ts';
import { startThread } from './start-thread.ts';
import { named, thrownOf } from './thrown.ts';

/** An adapter's manifest and the check of its settings, while the configuration is read: none of its code runs here. */
export type Describing = {
  readonly description: Description;
  /** Waits for the other thread, and does nothing else meanwhile: a configuration is checked in one go. */
  readonly check: (settings: unknown) => Issues;
  readonly close: () => Promise<void>;
};

export type DescribeBounds = {
  readonly memoryMebibytes: number;
  readonly loadMilliseconds: number;
  readonly checkMilliseconds: number;
};

const BEAT_MILLISECONDS = 1_000;

export async function describe(entry: string, bounds: DescribeBounds): Promise<Describing> {
  const { worker, port, pulse } = startThread(
    { entry, task: 'describe', beatMilliseconds: BEAT_MILLISECONDS },
    bounds.memoryMebibytes,
  );
  const description = await firstOf(worker, port, bounds);
  let isOver = false;
  const close = async (): Promise<void> => {
    isOver = true;
    port.close();
    await worker.terminate();
  };
  const failed = (message: string): Issues => [{ code: 'custom', path: [], message }];

  const check = (settings: unknown): Issues => {
    if (isOver) return failed('cannot be checked: its adapter has ended');
    Atomics.store(pulse, ANSWERED, 0);
    port.postMessage(settings);
    const waited = Atomics.wait(pulse, ANSWERED, 0, bounds.checkMilliseconds);
    const received = waited === 'timed-out' ? undefined : receiveMessageOnPort(port);
    if (received !== undefined) return Issues.parse(JSON.parse(String(received.message)));
    void close();
    return failed(`cannot be checked: its adapter did not answer within ${bounds.checkMilliseconds} ms`);
  };
  return { description, check, close };
}

/** What it says of itself, or why it says nothing. */
async function firstOf(worker: Worker, port: MessagePort, bounds: DescribeBounds): Promise<Description> {
  const over = new AbortController();
  const { signal } = over;
  const useless = (problem: string): Description => ({ kind: 'useless', problem });
  const said = once(port, 'message', { signal }).then(([text]) =>
    Description.parse(JSON.parse(String(text))),
  );
  const threw = once(worker, 'error', { signal }).then(([error]) =>
    useless(`cannot be loaded: nobody caught ${named(thrownOf(error))}`),
  );
  const exited = once(worker, 'exit', { signal }).then(() =>
    useless('ended its own thread while it was loaded'),
  );
  const late = new Promise<Description>((resolve) => {
    const timer = setTimeout(
      () => resolve(useless(`did not say what it is within ${bounds.loadMilliseconds} ms`)),
      bounds.loadMilliseconds,
    );
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
  // Those that come too late are aborted, which nobody needs to hear of.
  for (const each of [said, threw, exited]) each.catch(() => undefined);
  try {
    return await Promise.race([said, threw, exited, late]);
  } finally {
    over.abort();
    worker.on('error', () => undefined);
  }
}
