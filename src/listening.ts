import type { Logger } from 'pino';
import type { Configuration } from './config/read-configuration.ts';
import type { Engine } from './engine/engine.ts';
import type { Platforms } from './engine/ports/platforms.ts';
import { OperatorError } from './system/operator-error.ts';

type Hearing = {
  readonly connections: Pick<Configuration, 'connections'>['connections'];
  readonly platforms: Platforms;
  readonly engine: Pick<Engine, 'hear'>;
  readonly logger: Logger;
};

/**
 * Listens for the platforms that cannot be asked, in the processes that take webhooks too.
 * @param closers gets what ends each. @throws OperatorError where one cannot listen.
 */
export async function listenToPlatforms(
  { connections, platforms, engine, logger }: Hearing,
  closers: (() => unknown)[],
): Promise<void> {
  for (const { id } of connections) {
    const { platform } = platforms.get(id);
    if (!platform.listen) continue;
    try {
      const listening = await platform.listen((news) => engine.hear(id, news));
      closers.push(() => listening.close());
      logger.info({ connection: id, address: listening.address }, 'listening to a platform');
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'no reason';
      throw new OperatorError(`the connection ${id} cannot listen to its platform: ${reason}`);
    }
  }
}
