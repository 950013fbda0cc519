import {
  type Simulator,
  type SimulatorOptions,
  startPlatform,
} from '../../../src/adapter/simulator/server.ts';
import { clicSante } from './platform.ts';

/** Runs the simulator in this process. @throws Error when the port is taken or the state file unreadable. */
export const startSimulator = (options: SimulatorOptions = {}): Promise<Simulator<null>> =>
  startPlatform(clicSante, options);
