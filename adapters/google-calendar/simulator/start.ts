import {
  type Simulator,
  type SimulatorOptions,
  startPlatform,
} from '../../../src/adapter/simulator/server.ts';
import type { ServiceAccounts } from './account.ts';
import { googleCalendar, type Offer } from './platform.ts';

/** Runs the simulator in this process. @throws Error when the port is taken or the state file unreadable. */
export const startSimulator = (
  options: SimulatorOptions = {},
  serviceAccounts: ServiceAccounts = {},
): Promise<Simulator<Offer>> => startPlatform(googleCalendar(serviceAccounts), options);
