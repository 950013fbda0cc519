/** `passerelle/conformance`: the suite that an adapter runs on its platform (docs/adapter-contract.md). */

export { describedAdapter } from '../described/index.ts';
export type { Case } from './case.ts';
export { type Context, faultOf, known, marked, operation, PATIENT } from './context.ts';
export { freeSlots } from './free-slots.ts';
export { conforms, ownCases } from './mocha.ts';
export {
  type Answer,
  type FaultProxy,
  type Pass,
  type ProxyFault,
  passTo,
  type Seen,
  startProxy,
} from './proxy.ts';
export { freePort, hasBinary, until } from './real-server.ts';
export { Recording } from './recording.ts';
export { type SimulatorTarget, simulatorTarget } from './simulator-target.ts';
export {
  type Bench,
  type FreeTime,
  type PlatformTarget,
  type Raw,
  type RecordedTarget,
  SECRET,
  type Target,
} from './target.ts';
