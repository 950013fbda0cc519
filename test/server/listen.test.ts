import { Agent, get, type IncomingMessage, type RequestListener } from 'node:http';
import { expect } from 'chai';
import { listen } from '../../src/server/listen.ts';

const LOCAL = { host: '127.0.0.1', port: 0 };

const answered = (url: string, agent?: Agent): Promise<string> =>
  new Promise((resolve, reject) => {
    get(url, agent ? { agent } : {}, (response: IncomingMessage) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });

describe('server: listen', () => {
  it('says where it listens, and refuses a port that is taken', async () => {
    const server = await listen((_, response) => response.end('here'), LOCAL);
    expect(await answered(server.url)).to.equal('here');
    const port = Number(new URL(server.url).port);
    const second = await listen(() => undefined, { host: '127.0.0.1', port }).catch((error: Error) => error);
    expect(second).to.include({ code: 'EADDRINUSE' });
    await server.close();
  });

  it('ends what is under way before it closes, also on a connection that is kept alive', async () => {
    let release = (): void => undefined;
    const entered = new Promise<void>((enter) => {
      release = enter;
    });
    const app: RequestListener = (_, response) => {
      release();
      setTimeout(() => response.end('done'), 100);
    };
    const server = await listen(app, LOCAL);
    const agent = new Agent({ keepAlive: true });
    const answer = answered(server.url, agent);
    await entered;
    const closed = server.close(5_000);
    expect(await answer).to.equal('done');
    await closed;
    agent.destroy();
    const refused = await answered(server.url).catch((error: Error) => error);
    expect(refused).to.include({ code: 'ECONNREFUSED' });
  });

  it('cuts what takes longer than the grace', async () => {
    let enter = (): void => undefined;
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    const server = await listen(() => enter(), LOCAL);
    const answer = answered(server.url).catch((error: Error) => error);
    await entered;
    await server.close(50);
    expect(await answer).to.include({ code: 'ECONNRESET' });
  });
});
