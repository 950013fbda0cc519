import { createServer, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CodeMaps } from '../../src/adapter/concept-map.ts';
import type { Adapter, Platform } from '../../src/adapter/contract.ts';
import type { IsolatedAdapter } from '../../src/adapter/isolated.ts';
import { passTo } from '../../src/conformance/proxy.ts';
import type { SimulatorTarget } from '../../src/conformance/simulator-target.ts';
import { codeTables } from '../../src/system/mappings.ts';
import { createLoader } from '../support/loader.ts';

/** A description in a thread of its own, as a connection has it, to be put through the whole suite. */

export async function loadDescription(name: string, folder: string, bounds = {}): Promise<IsolatedAdapter> {
  const { found, close } = await createLoader(bounds)([name], folder);
  await close();
  const [adapter] = found;
  if (adapter === undefined || 'problem' in adapter) throw new Error(JSON.stringify(found));
  return adapter;
}

/**
 * A thread takes a second to begin, and the suite connects a hundred times: so there is one for all that is connected
 * alike, behind an address that stays, and leads to where each case has its platform.
 */
export async function inThread(
  target: SimulatorTarget,
  isolated: IsolatedAdapter,
): Promise<{
  readonly target: SimulatorTarget;
  readonly threads: () => number;
  readonly close: () => Promise<void>;
}> {
  const door = await openDoor();
  const opened = new Map<string, Platform>();
  const adapter: Adapter = {
    ...target.adapter,
    connect: ({ settings, limits, pace, environment, maps }) => {
      const tables = codeTables(isolated.manifest.id, { root: isolated.mappings }).map((each) =>
        as(each, maps),
      );
      const key = JSON.stringify([settings, tables]);
      const found =
        opened.get(key) ??
        isolated.open({
          connectionId: 'conformance',
          settings,
          limits,
          pace,
          allowedTargets: ['127.0.0.0/8'],
          tables,
          zones: {},
          environment,
        });
      opened.set(key, found);
      return { ...found, close: async () => undefined };
    },
  };
  const through = (settings: (baseUrl: string) => Record<string, unknown>) => (baseUrl: string) => {
    door.leadTo(baseUrl);
    return settings(door.url);
  };
  return {
    target: {
      ...target,
      adapter,
      settings: through(target.settings),
      expired: target.expired && through(target.expired),
    },
    threads: () => opened.size,
    close: async () => {
      for (const platform of opened.values()) await platform.close();
      await door.close();
    },
  };
}

type Element = { readonly code: string };
type Table = { readonly id: string; readonly group: readonly { readonly element: readonly Element[] }[] };

/** The table, without the codes that the maps of a case leave out. */
function as(table: unknown, maps: CodeMaps): unknown {
  const { id, group } = table as Table;
  const { toOurs } = maps.map(id);
  const kept = group.map((each) => ({
    ...each,
    element: each.element.filter(({ code }) => toOurs(code) !== null),
  }));
  return { ...(table as object), group: kept };
}

async function openDoor() {
  let to = 'http://127.0.0.1';
  const server = createServer(async (incoming, response) => {
    try {
      const { method = 'GET', url: path = '/', headers } = incoming;
      const answer = await passTo(to)({ method, path, body: await text(incoming) }, headers);
      const { 'content-length': _, 'transfer-encoding': __, ...rest } = answer.headers;
      // What is kept alive would lead to the former one.
      response
        .writeHead(answer.status, { ...(rest as OutgoingHttpHeaders), connection: 'close' })
        .end(answer.body);
    } catch {
      incoming.socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (url: string) => {
      to = url;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
