import { expect } from 'chai';
import { pino } from 'pino';
import adapter from '../../adapters/hl7v2-siu/adapter.ts';
import { ask, dial } from '../../adapters/hl7v2-siu/bench/emr.ts';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import type { News } from '../../src/adapter/contract.ts';
import { framed } from '../../src/adapter/mllp/frames.ts';
import { createTargets } from '../../src/adapter/targets.ts';
import { listenToPlatforms } from '../../src/listening.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { OperatorError } from '../../src/system/operator-error.ts';

const MESSAGE =
  'MSH|^~\\&|DME||||20261123||SIU^S12|M1|P|2.5.1\rSCH||F1\rAIP|1|A|dr-tremblay|||202611240920|||20|min\r';

/** One connection, which listens on that port. */
function hearing(port: number, hear: (connectionId: string, news: News) => Promise<void>) {
  const { manifest } = adapter;
  const platform = adapter.connect({
    connectionId: 'dme',
    settings: manifest.settings.parse({ address: 'mllp://127.0.0.1:9', listen: { port } }),
    limits: manifest.limits,
    pace: (call) => call(),
    targets: createTargets([]),
    environment: systemEnvironment,
    maps: codeMaps([]),
    zoneOf: () => 'America/Toronto',
    transport: undefined,
  });
  const said: { address?: string }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void said.push(JSON.parse(line)) });
  const connections = [{ id: 'dme', adapter, settings: {}, allowedTargets: [] }] as unknown as Parameters<
    typeof listenToPlatforms
  >[0]['connections'];
  return {
    said,
    hearing: {
      connections,
      platforms: { get: () => ({ platform, manifest, mappingContent: '' }) },
      engine: { hear },
      logger,
    },
  };
}

describe('listening to platforms', () => {
  it('takes what one says to the engine, says where it listens, and ends', async () => {
    const heard: unknown[] = [];
    const closers: (() => unknown)[] = [];
    const { said, hearing: wanted } = hearing(0, async (id, news) => void heard.push([id, news.outcome]));
    await listenToPlatforms(wanted, closers);
    const address = said[0]?.address ?? '';
    const socket = await dial(address);
    expect(await ask(socket, framed(Buffer.from(MESSAGE)))).to.equal('accepted');
    expect(heard).to.deep.equal([['dme', 'payload']]);
    for (const close of closers) await close();
    expect(await ask(await dial(address), framed(Buffer.from(MESSAGE)))).to.equal('none');
    socket.destroy();
  });

  it('says which connection cannot listen', async () => {
    const closers: (() => unknown)[] = [];
    const first = hearing(0, async () => undefined);
    await listenToPlatforms(first.hearing, closers);
    const port = Number(first.said[0]?.address?.split(':')[1]);
    const failure = await listenToPlatforms(hearing(port, async () => undefined).hearing, []).catch(
      (error: unknown) => error,
    );
    for (const close of closers) await close();
    expect(failure).to.be.instanceOf(OperatorError);
    expect((failure as Error).message).to.match(/connection dme .*EADDRINUSE/);
  });
});
