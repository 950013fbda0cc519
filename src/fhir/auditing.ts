import { type Principal, permits } from '../domain/access.ts';
import type { AuditAction, AuditAgent, AuditEvent, Auditor, AuditType } from '../engine/ports/audit.ts';
import type { Answer } from './answer.ts';
import { OUTCOMES, Refused } from './outcomes.ts';
import type { Route } from './router.ts';

/**
 * What of FHIR is recorded: each change, $find, $hold and $book, and each answer that shows a patient or is about one. Searches
 * of slots and of the directory are not: they say nothing of anybody. What is recorded is taken from the answer as it goes out,
 * so that no way to a patient can be forgotten.
 */

export type AuditedRoute = Exclude<Route, { interaction: 'capabilities' }>;

/** Does it, and records it. @throws Refused where it is about patients and could not be recorded. */
export type Audited = (route: AuditedRoute, work: () => Promise<Answer>) => Promise<Answer>;

/** @param agent made only where there is something to record. */
export function auditing(auditor: Auditor, caller: Principal, agent: () => AuditAgent): Audited {
  // Who may not see patients is shown none.
  const isShownPatients = permits(caller, { type: 'Patient', permission: 'r' });
  return async (route, work) => {
    let answer: Answer;
    try {
      answer = await work();
    } catch (error) {
      noteRefusal(auditor, route, error, agent);
      throw error;
    }
    // The log is full of references to patients, and shows no more of them.
    const isLog = resourceOf(route).resource === 'AuditEvent';
    const patients = isShownPatients ? patientsIn(answer.text, isLog) : [];
    if (!isRecorded(route) && patients.length === 0) return answer;
    const own = entitiesOf(route, answer);
    const event: AuditEvent = {
      ...agent(),
      ...kindOf(route),
      outcome: 'done',
      entities: [...new Set([...own, ...patients])],
      detail: { ...resourceOf(route), ...detailOf(route, answer) },
    };
    try {
      await auditor.record(event);
    } catch {
      // The auditor has told of it. What names nobody goes out all the same.
      if (isAboutPatients(event)) throw notRecorded();
    }
    return answer;
  };
}

export const notRecorded = (): Refused =>
  new Refused(
    'not-audited',
    {
      diagnostics: {
        fr: 'ce qui concerne des patients n’est pas répondu sans être consigné, et le journal ne s’écrit pas; ce qui a été demandé a pu être fait : lisez avant de le redemander',
        en: 'what is about patients is not answered unless it is recorded, and the log cannot be written; what was asked may have been done: read before you ask again',
      },
    },
    { 'retry-after': '30' },
  );

const INTERACTIONS: Readonly<Record<AuditedRoute['interaction'], { type: AuditType; action: AuditAction }>> =
  {
    read: { type: 'rest.read', action: 'R' },
    vread: { type: 'rest.vread', action: 'R' },
    history: { type: 'rest.history', action: 'R' },
    // IHE BALP, Query: execute.
    search: { type: 'rest.search', action: 'E' },
    'search-form': { type: 'rest.search', action: 'E' },
    create: { type: 'rest.create', action: 'C' },
    update: { type: 'rest.update', action: 'U' },
    patch: { type: 'rest.patch', action: 'U' },
    delete: { type: 'rest.delete', action: 'D' },
    operation: { type: 'rest.operation', action: 'E' },
  };

/** IHE ITI Scheduling has all three as creates (input/fsh/audit-115.fsh to audit-117.fsh, whose parent is PatientCreate). */
const OPERATIONS: Readonly<Record<string, AuditType>> = {
  find: 'appointment.find',
  hold: 'appointment.hold',
  book: 'appointment.book',
};

function kindOf(route: AuditedRoute): { type: AuditType; action: AuditAction } {
  const type = OPERATIONS[/\$(\w+)$/.exec(route.pattern)?.[1] ?? ''];
  return type ? { type, action: 'C' } : INTERACTIONS[route.interaction];
}

/** Of whom every access counts, also one that finds nothing. */
const WATCHED: ReadonlySet<string> = new Set(['Patient', 'AuditEvent']);

function isRecorded(route: AuditedRoute): boolean {
  if (route.interaction === 'operation') return route.operation.affectsState || kindOf(route).action === 'C';
  return WATCHED.has(route.resource.type) || 'CUD'.includes(INTERACTIONS[route.interaction].action);
}

const ABOUT = /^(Patient|Appointment)(\/|$)/;

const isAboutPatients = ({ entities, detail }: AuditEvent): boolean =>
  entities.some((path) => ABOUT.test(path)) || WATCHED.has(detail['resource'] ?? '');

/** `Appointment` of `/fhir/Appointment/:id`. */
const resourceOf = ({ pattern }: AuditedRoute): { resource?: string } => {
  const resource = pattern.split('/')[2];
  return resource === undefined || resource.startsWith('$') ? {} : { resource };
};

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const PATIENTS = new RegExp(`\\bPatient(?:/|%2F)(${UUID})`, 'g');
const UUIDS = new RegExp(`(${UUID})`, 'g');
const SLOTS = new RegExp(`"Slot/(${UUID})"`, 'g');
const APPOINTMENTS = new RegExp(`"resourceType":"Appointment","id":"(${UUID})"`, 'g');
const IS_UUID = new RegExp(`^${UUID}$`);
const STATUS = /"status":"(proposed|pending|booked|cancelled|noshow|entered-in-error)"/;

const found = (type: string, pattern: RegExp, text: string): string[] =>
  [...text.matchAll(pattern)].map(([, id]) => `${type}/${id}`);

/** Those who are in it, and those by whom it was searched, as its link to itself has them. */
export function patientsIn(text: string, onlySearched: boolean): string[] {
  // Of either case, and found in no time: pages of slots come through here.
  if (!text.includes('atient')) return [];
  const [, type, query = ''] = SELF.exec(text) ?? [];
  const searched = [...new URLSearchParams(query)].flatMap(([name, value]) =>
    name.startsWith('patient') || (type === 'Patient' && name === '_id')
      ? found('Patient', UUIDS, value)
      : found('Patient', PATIENTS, value),
  );
  return onlySearched ? searched : [...searched, ...found('Patient', PATIENTS, text)];
}
const SELF = /"relation":"self","url":"[^"?]*\/(\w+)\?([^"]*)"/;

function entitiesOf(route: AuditedRoute, { text, path }: Answer): string[] {
  const ids = route.interaction === 'operation' || !('id' in route) || route.id === null ? [] : [route.id];
  const own = 'resource' in route ? ids.map((id) => `${route.resource.type}/${id}`) : [];
  const made = path === null ? [] : [path];
  const { type, action } = kindOf(route);
  const isOfAppointment = type === 'appointment.book' || type === 'appointment.hold';
  const changed = isOfAppointment ? found('Appointment', APPOINTMENTS, text) : [];
  const isChange = isOfAppointment || ('resource' in route && 'CU'.includes(action));
  return [...own, ...made, ...changed, ...(isChange ? found('Slot', SLOTS, text) : [])];
}

/** What became of an appointment; for which period free time was asked for. Nothing that was written by hand. */
function detailOf(route: AuditedRoute, { text }: Answer): Record<string, string> {
  const { type, action } = kindOf(route);
  if (type === 'appointment.find') return periodIn(text);
  const isAppointment = 'resource' in route && route.resource.type === 'Appointment';
  const status = isAppointment || action === 'C' ? STATUS.exec(text)?.[1] : undefined;
  return status !== undefined && 'CU'.includes(action) ? { status } : {};
}

const DATE = /^\d{4}[\dT:.Z+-]{0,30}$/;

/** As the link of its page has it. The other criteria have words in them, so they are left out. */
function periodIn(text: string): Record<string, string> {
  const [, criteria = ''] = /[?&]_criteria=([\w-]+)/.exec(text) ?? [];
  if (criteria === '') return {};
  const asked: Record<string, unknown> = JSON.parse(Buffer.from(criteria, 'base64url').toString());
  return Object.fromEntries(
    ['start', 'end'].flatMap((name) => {
      const value = asked[name];
      return typeof value === 'string' && DATE.test(value) ? [[name, value]] : [];
    }),
  );
}

/** An id that is none of ours may be anything that somebody typed, so it is not kept. */
function noteRefusal(auditor: Auditor, route: AuditedRoute, error: unknown, agent: () => AuditAgent): void {
  const refusal = error instanceof Refused ? error.outcome : 'failed';
  if (refusal !== 'forbidden' && !isRecorded(route)) return;
  const kind = kindOf(route);
  const id = 'resource' in route && 'id' in route ? (route.id ?? '') : '';
  auditor.note({
    ...agent(),
    ...kind,
    type: refusal === 'forbidden' ? 'access.forbidden' : kind.type,
    outcome: OUTCOMES[refusal].status < 500 ? 'refused' : 'failed',
    entities: 'resource' in route && IS_UUID.test(id) ? [`${route.resource.type}/${id}`] : [],
    detail: { ...resourceOf(route), interaction: route.interaction, refusal },
  });
}
