import axios, { type AxiosAdapter, AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import type { SimReply, SimRequest } from '../../src/adapter/simulator/router.ts';
import type { Dice } from './dice.ts';
import type { Life } from './life.ts';
import type { Logged, Site } from './site.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';

/** The way from a process to a platform: in place of sockets, with all that goes wrong on it. */

/** As the adapters' own limit, which runs on real time and so never ends here. */
const GIVEN_UP_MILLISECONDS = 10_000;

export function wayTo(
  site: Site,
  { timeline, life, dice, tally }: { timeline: Timeline; life: Life; dice: Dice; tally: Tally },
): AxiosAdapter {
  const away = () => timeline.wait(site.faults.latencyMilliseconds * dice.between(0.5, 1.5));
  const failed = (config: InternalAxiosRequestConfig, code: string) =>
    new AxiosError(`the network: ${code}`, code, config);

  async function go(config: InternalAxiosRequestConfig): Promise<SimReply> {
    await away();
    const { faults } = site;
    const atTheDoor = site.door();
    if (atTheDoor) return atTheDoor;
    if (faults.down !== null) {
      tally.fault(`${faults.down} by ${site.id}`);
      if (faults.down === 'error') return { status: 503 };
      if (faults.down === 'refused') throw failed(config, 'ECONNREFUSED');
      await timeline.wait(GIVEN_UP_MILLISECONDS);
      throw failed(config, 'ECONNABORTED');
    }
    if (dice.chance(faults.throttles)) {
      tally.fault('429');
      return { status: 429, headers: { 'retry-after': String(dice.whole(1, 5)) } };
    }
    if (dice.chance(faults.fails)) {
      tally.fault('500 before');
      return { status: 500 };
    }
    const request = requestOf(config);
    // A caller follows the pages that it gets, however many it asked for in one.
    if (faults.pageRows !== null)
      for (const name of ['limit', 'limite'])
        if (request.query.has(name)) request.query.set(name, String(faults.pageRows));
    if (faults.stale && request.method === 'GET') tally.fault('lagging copy');
    const reply = site.handle(request);
    const logged: Logged = {
      at: timeline.now,
      method: request.method,
      path: request.path,
      status: reply.status,
      body: JSON.stringify(request.body ?? null),
      isHeard: false,
    };
    site.log.push(logged);
    if (dice.chance(faults.failsAfter)) {
      tally.fault('500 after');
      return { status: 500 };
    }
    if (dice.chance(faults.loses)) {
      tally.fault('answer lost');
      await timeline.wait(dice.chance(0.5) ? 0 : GIVEN_UP_MILLISECONDS);
      throw failed(config, dice.chance(0.5) ? 'ECONNRESET' : 'ECONNABORTED');
    }
    await away();
    logged.isHeard = !life.isOver;
    return reply;
  }

  // What was sent goes on without its process; only the answer has nobody to come to.
  return (config) => {
    const answered = go(config);
    life.step();
    return life.live(
      answered.then((reply) => ({
        data: reply.body === undefined ? '' : JSON.stringify(reply.body),
        status: reply.status,
        statusText: '',
        headers: new AxiosHeaders(reply.headers ?? {}),
        config,
        request: null,
      })),
    );
  };
}

function requestOf(config: InternalAxiosRequestConfig): SimRequest {
  const url = new URL(axios.getUri(config));
  const headers = Object.entries(AxiosHeaders.from(config.headers).toJSON()).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  return {
    method: (config.method ?? 'get').toUpperCase(),
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: typeof config.data === 'string' && config.data !== '' ? JSON.parse(config.data) : undefined,
  };
}
