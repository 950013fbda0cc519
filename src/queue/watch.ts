import type { Redis } from 'ioredis';

/**
 * Gives up a connection on which nothing was heard for so long, and has it made anew: a host without power, or a network
 * that parted, closes nothing, and who only waits for an answer never finds out. After half of that time Redis is asked
 * for a word, so a blocking command must be over sooner.
 *
 * Not ioredis's own `socketTimeout`: its timer outlives the connection that it was set for, ends the next one in its
 * place, and keeps a process up that is closing.
 * @param givenUp hears of it first.
 */
export function watch(
  client: Redis,
  silenceMilliseconds: number,
  givenUp: () => void = () => undefined,
): void {
  client.on('connect', () => {
    const { stream } = client;
    const ask = setTimeout(() => client.ping().catch(() => undefined), silenceMilliseconds / 2);
    const giveUp = setTimeout(() => {
      givenUp();
      stream.destroy(new Error(`nothing was heard for ${silenceMilliseconds} ms`));
    }, silenceMilliseconds);
    stream.on('data', () => {
      ask.refresh();
      giveUp.refresh();
    });
    stream.once('close', () => {
      clearTimeout(ask);
      clearTimeout(giveUp);
    });
  });
}
