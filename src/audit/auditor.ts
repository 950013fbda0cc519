import type { Instant } from '../domain/instant.ts';
import type { AuditEvent, AuditLink, Auditor, AuditStore } from '../engine/ports/audit.ts';
import { createBound } from './bound.ts';
import { type ChainKey, chained } from './chain.ts';

/**
 * Records events, one chain for all processes of a database. Those that come while others are being written wait for these and
 * are then written together. Where the chain ends is remembered, so that one statement does it while nobody else writes; who
 * finds that another process was faster looks where it ends now, and chains anew.
 */

export type AuditorDependencies = {
  readonly store: Pick<AuditStore, 'appendAudit' | 'auditHead' | 'patientsOfAppointments'>;
  /** That new records are made by. */
  readonly key: ChainKey;
  readonly now: () => Instant;
  /** Told of the end of the chain. */
  readonly onWritten: (end: AuditLink) => void;
  /** Told of what could not be recorded. */
  readonly onError: (event: AuditEvent, error: unknown) => void;
};

/** A minute. */
const REFUSALS = { most: 30, kindsMax: 1_000 };
/** Who asks too often does so thousands of times: one record says how many. */
const THROTTLED = { most: 1, kindsMax: 30 };
const TOGETHER_MAX = 200;
/** Each time another process has written, so there are not many that are as unlucky. */
const ATTEMPTS_MAX = 100;
/** What waits for a database that does not answer; more is refused at once. */
const WAITING_MAX = 5_000;
const APPOINTMENT = /^Appointment\/([0-9a-f-]{36})$/;

type Waiting = {
  readonly event: AuditEvent;
  readonly at: Instant;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

export type RecordingAuditor = Auditor & {
  /**
   * Records how many were left out of what nothing has come of since. @param isEnd also of the minute that is not over. Never
   * rejects.
   */
  readonly settle: (isEnd: boolean) => Promise<void>;
};

export function createAuditor(dependencies: AuditorDependencies): RecordingAuditor {
  const { store, key, now, onWritten, onError } = dependencies;
  const refusals = createBound<AuditEvent>(now, REFUSALS);
  const throttled = createBound<AuditEvent>(now, THROTTLED);
  const waiting: Waiting[] = [];
  let isWriting = false;
  /** Undefined = it is to be looked up. */
  let end: AuditLink | null | undefined;

  async function append(together: readonly Waiting[]): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      if (end === undefined) end = await store.auditHead();
      const records = chained(end, together, key);
      const last = records.at(-1);
      if (last && (await store.appendAudit(records, end))) {
        end = last;
        onWritten(last);
        return;
      }
      end = undefined;
    }
    throw new Error('other processes were faster each time');
  }

  async function write(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const together = waiting.splice(0, TOGETHER_MAX);
      try {
        await append(together);
        for (const { resolve } of together) resolve();
      } catch (error) {
        // Whether it was written is not known.
        end = undefined;
        for (const { reject } of together) reject(error);
      }
    }
    isWriting = false;
  }

  const written = (event: AuditEvent, at: Instant): Promise<void> =>
    new Promise((resolve, reject) => {
      if (waiting.length >= WAITING_MAX) {
        reject(new Error('too much waits to be recorded'));
        return;
      }
      waiting.push({ event, at, resolve, reject });
      if (!isWriting) void write();
    });

  async function record(event: AuditEvent): Promise<void> {
    const at = now();
    try {
      await written(cleaned(await withPatients(store, event)), at);
    } catch (error) {
      onError(event, error);
      throw error;
    }
  }

  /** It is told to onError, and nobody waits for it. */
  const recordLater = (event: AuditEvent, leftOut: number): Promise<void> => {
    const detail = leftOut === 0 ? event.detail : { ...event.detail, leftOut: String(leftOut) };
    return record({ ...event, detail }).catch(() => undefined);
  };

  return {
    record,
    note(event) {
      const { type, agent, address } = event;
      const leftOut =
        type === 'access.throttled'
          ? throttled.admit(agent ?? address ?? '', event)
          : refusals.admit(`${type} ${agent ?? ''}`, event);
      if (leftOut !== null) void recordLater(event, leftOut);
    },
    async settle(isEnd) {
      const leftOut = [refusals, throttled].flatMap((bound) => bound.takeLeftOut(isEnd));
      await Promise.all(leftOut.map(({ said, before }) => recordLater(said, before)));
    },
  };
}

/** Whoever books may not be allowed to see for whom; the record says so all the same. */
async function withPatients(
  { patientsOfAppointments }: Pick<AuditStore, 'patientsOfAppointments'>,
  event: AuditEvent,
): Promise<AuditEvent> {
  if (event.action === 'R') return event;
  const ids = event.entities.flatMap((path) => APPOINTMENT.exec(path)?.[1] ?? []);
  if (ids.length === 0) return event;
  const patients = (await patientsOfAppointments(ids)).map((id) => `Patient/${id}`);
  return { ...event, entities: [...new Set([...event.entities, ...patients])] };
}

const TEXT_MAX = 300;

/** Names and ids may come from tokens of other servers: no text of PostgreSQL has a NUL, and none need be long. */
const cleaned = (event: AuditEvent): AuditEvent => ({
  ...event,
  agent: textOf(event.agent),
  name: textOf(event.name),
});

// Cut first: half a pair of surrogates is no text of PostgreSQL either, and what is written together fails together.
const textOf = (text: string | null): string | null =>
  text?.slice(0, TEXT_MAX).replaceAll(/\p{C}/gu, '') ?? null;
