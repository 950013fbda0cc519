/** `passerelle/adapter`: all that the author of an adapter needs, and nothing of the gateway (docs/adapter-contract.md). */

export type { AxiosAdapter } from 'axios';
/** Ours, so that settings are of the version that reads them. */
export { z } from 'zod';
export type { BusyKind } from '../domain/busy.ts';
export type { Clock, Environment, Ids, Random } from '../domain/environment.ts';
export {
  DAY,
  earlier,
  FOREVER,
  formatInstant,
  HOUR,
  type Instant,
  instant,
  later,
  MINUTE,
  parseInstant,
  plus,
  SECOND,
} from '../domain/instant.ts';
export {
  contains,
  hull,
  type Interval,
  intersection,
  interval,
  overlaps,
  sameInterval,
  subtract,
  union,
} from '../domain/interval.ts';
export type { Bilingual } from '../domain/schedule.ts';
export { SHIFT_TASKS, type ShiftTask } from '../domain/shift.ts';
export {
  ELIGIBILITIES,
  type Eligibility,
  MODES,
  type Mode,
  REASONS,
  REORIENTATIONS,
  type Reason,
  type Reorientation,
  type SlotAttributes,
  sameAttributes,
  UNKNOWN_ATTRIBUTES,
} from '../domain/slot.ts';
export { unmappedCode } from '../domain/unmapped.ts';
export { dueAt } from './asking/deadline.ts';
export { listedId, listedInterval } from './asking/ids.ts';
export { observationsOf } from './asking/listed.ts';
export { type AskingOperations, askingOperations } from './asking/operations.ts';
export { ASKING_SETTINGS, type AskingSettings } from './asking/settings.ts';
export { type CodeMap, type CodeMaps, ConceptMapError, codeMaps, translate } from './concept-map.ts';
export {
  type Adapter,
  type Asked,
  type Block,
  type Book,
  type Capabilities,
  CONTRACT_VERSION,
  type Connect,
  defineAdapter,
  type FoundCalendar,
  type FoundCalendars,
  type Held,
  type Hold,
  type Known,
  type Limits,
  type List,
  type ListedTime,
  type Listening,
  type ListRead,
  type Manifest,
  type Move,
  type News,
  type OperationName,
  type Operations,
  type PatientDetails,
  type Platform,
  type Publish,
  type ReadRequest,
  type Receive,
  type Remove,
  TASK_CHARACTERS_MAX,
  type WebhookOutcome,
  type WebhookRequest,
  type Written,
  type WrongLine,
} from './contract.ts';
export { Fault, type FaultKind, isFault } from './faults.ts';
export { foundCalendars, type SaidOfCalendar, words } from './found-calendars.ts';
export {
  createHttp,
  type Http,
  type HttpOptions,
  type HttpRequest,
  type HttpResponse,
  issuesOf,
  retryAfter,
} from './http.ts';
export { jsonIn } from './json.ts';
export {
  type Mark,
  markOf,
  type Observation,
  type ObservedBusy,
  type ObservedShift,
  type ObservedSlot,
  type Page,
  type Rejected,
  type Removal,
  subjectOf,
} from './observation.ts';
export type { Pace } from './pace.ts';
export { IS_SECRET } from './secret.ts';
export type { Targets } from './targets.ts';
export { instantText, storableText } from './texts.ts';
export { titled } from './titled.ts';
export {
  fromLocal,
  isZone,
  type LocalReading,
  midnight,
  readLocal,
  toLocal,
  toOffset,
} from './zone.ts';
