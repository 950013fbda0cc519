import pino from 'pino';
import { startGateway } from '../../src/gateway.ts';
import { configurationOf } from './clinic-configuration.ts';
import type { GatewayPlan } from './mirrored-clinic.ts';

/** The gateway of the made-up clinic as a process of its own, for tests that kill it. Its plan is the one argument. */

const { environment, sites, options } = JSON.parse(process.argv[2] ?? '') as GatewayPlan;
const gateway = await startGateway({
  environment,
  role: 'both',
  configuration: configurationOf(sites, options),
  onEvent: () => undefined,
  logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }, pino.destination(2)),
});
console.log(`listening ${gateway.url}`);
