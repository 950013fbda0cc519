import { runSimulator } from '../../../src/adapter/simulator/run.ts';
import { startSimulator } from './start.ts';

await runSimulator('roster', startSimulator);
