import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { PatientDetails } from './adapter/contract.ts';
import type { Audit } from './audit/audit.ts';
import { type AuditSpool, createSpool } from './audit/spool.ts';
import type { GatewayEnvironment } from './config/environment.ts';
import { stretchesOf } from './contingency/days.ts';
import { createKeeper, type Keeper, type SheetFiles, type Sheets } from './contingency/keeper.ts';
import { makeSheet } from './contingency/make-sheet.ts';
import type { Sheet } from './contingency/sheet.ts';
import type { Directory } from './domain/directory.ts';
import type { Clock } from './domain/environment.ts';
import type { EngineEvent } from './engine/ports/events.ts';
import type { Operations } from './engine/ports/front.ts';
import type { Readers } from './store/readers.ts';
import { findWrappingKeys, type WrappingKeys } from './system/key-encryption.ts';
import { stackOf } from './system/logs.ts';
import type { openKeys } from './system/open-keys.ts';
import { OperatorError } from './system/operator-error.ts';
import { openText, sealText, writeWhole } from './system/sealed-file.ts';

/** Wires the contingency sheets: what is read, what they are sealed by and where they lie, and who hears of a change. */

const FOLDER = 'contingency';
const SPOOL_FOLDER = 'audit-spool';
const ENDING = '.sealed';
/** Of what is in a file; one that another version of this program wrote otherwise is not read. */
const FORM = 1;

export type SheetChanges = {
  readonly listener: (event: EngineEvent) => void;
  /** Any of them may have changed. */
  readonly all: () => void;
  readonly follow: (changed: Keeper['changed']) => void;
};

/** Whose sheet an event changes. Readings are no change by themselves: what they find is told besides. */
export function sheetChanges(directory: Directory): SheetChanges {
  let tell: Keeper['changed'] = () => undefined;
  return {
    listener(event) {
      if ('scheduleId' in event && directory.hasSchedule(event.scheduleId)) {
        tell(directory.organizationOf(event.scheduleId).id);
      } else if (event.type === 'connection.down' || event.type === 'connection.up') {
        tell(directory.organizationOfConnection(event.connectionId)?.id);
      }
    },
    all: () => tell(),
    follow(changed) {
      tell = changed;
    },
  };
}

export type KeepingDependencies = {
  readonly dataFolder: string;
  readonly directory: Directory;
  readonly readersOf: (organizationId: string) => Readers;
  readonly operations: Pick<Operations, 'freshness' | 'bookableFrom'>;
  readonly keys: Awaited<ReturnType<typeof openKeys>>;
  readonly auditor: Audit['auditor'];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changes: SheetChanges;
};

export async function keepSheets(
  dependencies: KeepingDependencies,
  closers: (() => unknown)[],
): Promise<{ sheets: Sheets; spool: AuditSpool }> {
  const { dataFolder, directory, keys, auditor, clock, logger, changes } = dependencies;
  const wrappingKeys = { current: keys.ring.by, former: keys.former };
  const spool = spoolOf(dataFolder, keys.ring.by.bytes, wrappingKeys, (name) =>
    logger.error({ name }, 'a record of the audit spool was changed, and is put aside'),
  );
  const onError = (reason: string, error: unknown): void =>
    logger.warn({ reason, stack: stackOf(error) }, 'work failed');
  const keeper = createKeeper({
    organizationIds: directory.entries.organizations.map(({ id }) => id),
    make: maker(dependencies),
    files: sheetFiles(dataFolder, wrappingKeys),
    clock,
    async onAnswer() {
      try {
        const recorded = await spool.drain(auditor.record);
        if (recorded > 0)
          logger.warn({ recorded }, 'accesses were recorded that had waited for the database');
      } catch (error) {
        onError('audit spool not emptied', error);
      }
    },
    onError,
  });
  await keeper.start();
  closers.push(() => keeper.stop());
  changes.follow(keeper.changed);
  return { sheets: keeper, spool };
}

/** Reads of one organization, behind the wall where that stands. */
function maker({ directory, readersOf, operations, keys, clock }: KeepingDependencies) {
  const parts = new Map(
    directory.entries.organizations.map(({ id }) => [
      id,
      { own: directory.ofOrganization(id), reader: readersOf(id) },
    ]),
  );
  const open = (sealed: Uint8Array, as: 'patient' | 'booking'): PatientDetails | null => {
    try {
      return keys.seal.open(sealed, as);
    } catch {
      // Who made the seal has heard of it.
      return null;
    }
  };
  return async (organizationId: string): Promise<Sheet> => {
    const part = parts.get(organizationId);
    if (!part) throw new RangeError(`unknown organization: ${organizationId}`);
    const now = clock.now();
    const stretches = stretchesOf(part.own, now);
    const [taken, free] = await Promise.all([
      part.reader.takenTime(stretches),
      part.reader.freeTime(stretches),
    ]);
    return makeSheet({ ...operations, directory: part.own, taken, free, open, now });
  };
}

const purposeOf = (organizationId: string): string => `contingency sheet of ${organizationId}`;

function sheetFiles(dataFolder: string, keys: WrappingKeys): SheetFiles {
  const folder = join(dataFolder, FOLDER);
  // An id has letters, digits, - and . only; with the ending it is no name of a folder.
  const pathOf = (organizationId: string): string => join(folder, organizationId + ENDING);
  return {
    close(organizationId, sheet) {
      if (!keys.current) throw new OperatorError('there is no key to seal a contingency sheet with');
      return sealText(keys.current, JSON.stringify({ form: FORM, sheet }), purposeOf(organizationId));
    },
    open(organizationId, sealed) {
      const { form, sheet } = JSON.parse(openText(keys, sealed, purposeOf(organizationId))) as {
        readonly form: number;
        readonly sheet: Sheet;
      };
      if (form === FORM) return sheet;
      throw new OperatorError('a contingency sheet is of another version of Passerelle: use that one');
    },
    write: (organizationId, sealed) => writeWhole(pathOf(organizationId), sealed),
    read: (organizationId) => orNull(readFile(pathOf(organizationId))),
    erase: (organizationId) => rm(pathOf(organizationId), { force: true }),
    list: async () =>
      ((await orNull(readdir(folder))) ?? [])
        .filter((name) => name.endsWith(ENDING))
        .map((name) => name.slice(0, -ENDING.length))
        .sort(),
  };
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const spoolOf = (
  dataFolder: string,
  key: Uint8Array,
  { former }: WrappingKeys,
  onDamaged: (name: string) => void,
): AuditSpool =>
  createSpool({
    folder: join(dataFolder, SPOOL_FOLDER),
    keys: [key, ...former.map(({ bytes }) => bytes)],
    ids: { next: randomUUID },
    onDamaged,
  });

/** The sheets of a data folder, without a gateway and without its database. */
export type OfflineSheets = {
  /** @throws OperatorError where it cannot be opened; null = there is none. */
  readonly of: (organizationId: string) => Promise<Sheet | null>;
  readonly list: () => Promise<readonly string[]>;
  /** Where an access is recorded, to be put into the chain by the gateway. */
  readonly spool: AuditSpool['write'];
};

/** @throws OperatorError where there is no key. */
export async function openOfflineSheets({
  dataFolder,
  key,
  previousKeys,
}: Pick<GatewayEnvironment, 'dataFolder' | 'key' | 'previousKeys'>): Promise<OfflineSheets> {
  const keys = await findWrappingKeys(dataFolder, { key, previousKeys });
  if (!keys.current) {
    throw new OperatorError(
      `the key that seals contingency sheets is not here: set PASSERELLE_KEY as the gateway has it, or see that sealing-key is in ${dataFolder}`,
    );
  }
  const files = sheetFiles(dataFolder, keys);
  return {
    list: files.list,
    async of(organizationId) {
      const sealed = await files.read(organizationId);
      return sealed && files.open(organizationId, sealed);
    },
    spool: spoolOf(dataFolder, keys.current.bytes, keys, () => undefined).write,
  };
}
