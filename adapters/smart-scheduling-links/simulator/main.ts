import { runSimulator } from '../../../src/adapter/simulator/run.ts';
import { startSimulator } from './start.ts';

await runSimulator('smart-scheduling-links', startSimulator);
