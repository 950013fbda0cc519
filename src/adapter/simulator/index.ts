/** `passerelle/simulator`: what a platform's simulator is made of (docs/adapter-contract.md). */

export { Agenda, type AgendaOptions, SIMULATED_ZONE, type SlotState } from './agenda.ts';
export { FaultPlan, NO_FAULTS } from './fault-plan.ts';
export { type Listener, listen } from './listener.ts';
export { personOf, type SimPerson } from './people.ts';
export type { SimulatedPlatform } from './platform.ts';
export { seededRandom, weighted } from './random.ts';
export {
  type AgendaState,
  type Block,
  type Busy,
  type Change,
  isHold,
  type OfferedSlot,
  type RecordKind,
  type Reservation,
  type SimCalendar,
  type SimRecord,
} from './records.ts';
export { createRouter, type Routes, type SimReply, type SimRequest, withBody } from './router.ts';
export { runSimulator } from './run.ts';
export { type Simulator, type SimulatorOptions, startPlatform } from './server.ts';
