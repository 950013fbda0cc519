import { createTargets } from '../../src/adapter/targets.ts';

/** Where simulators and servers of tests are: no connection may call there unless it says so. */
export const LOOPBACK = ['127.0.0.0/8'];

export const loopback = createTargets(LOOPBACK);
