import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import pino from 'pino';
import { startGateway } from '../../src/gateway.ts';
import { configurationOf } from './clinic-configuration.ts';
import type { ChildLine } from './gateway-process.ts';
import type { GatewayPlan } from './mirrored-clinic.ts';

/**
 * The gateway of the made-up clinic as a process of its own, for tests that kill it. Its plan is the one argument. It
 * tells on standard output what it does, a line of JSON for each event and for each call to a platform.
 */

const tell = (line: ChildLine): void => console.log(JSON.stringify(line));

subscribe('http.client.request.start', (message) => {
  const { request } = message as { readonly request: ClientRequest };
  tell({
    call: { method: request.method, url: `${request.protocol}//${request.getHeader('host')}${request.path}` },
  });
});

const { environment, role, sites, options } = JSON.parse(process.argv[2] ?? '') as GatewayPlan;
const gateway = await startGateway({
  environment,
  role,
  configuration: configurationOf(sites, options),
  onEvent: (event) => tell({ event }),
  logger: pino({ level: 'trace' }, pino.destination(2)),
});
tell({ ready: gateway.url });
