#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import agenda from '../adapters/agenda/adapter.ts';
import bonjourSante from '../adapters/bonjour-sante/adapter.ts';
import calCom from '../adapters/cal-com/adapter.ts';
import caldav from '../adapters/caldav/adapter.ts';
import clicSante from '../adapters/clic-sante/adapter.ts';
import easyAppointments from '../adapters/easy-appointments/adapter.ts';
import fhirR4 from '../adapters/fhir-r4/adapter.ts';
import googleCalendar from '../adapters/google-calendar/adapter.ts';
import hl7Siu from '../adapters/hl7v2-siu/adapter.ts';
import ics from '../adapters/ics/adapter.ts';
import mailbox from '../adapters/mailbox/adapter.ts';
import manual from '../adapters/manual/adapter.ts';
import openmrsAppointments from '../adapters/openmrs-appointments/adapter.ts';
import oscar from '../adapters/oscar/adapter.ts';
import roster from '../adapters/roster/adapter.ts';
import rvsq from '../adapters/rvsq/adapter.ts';
import schedulingLinks from '../adapters/smart-scheduling-links/adapter.ts';
import type { Backups, Offline } from './cli/dependencies.ts';
import { runProgram } from './cli/program.ts';
import type { GatewayEnvironment } from './config/environment.ts';
import { instant } from './domain/instant.ts';
import { createLoader } from './isolation/load.ts';
import { connectPlatform } from './platforms.ts';
import { backupsOf, writeBackup } from './store/backup.ts';
import { openPglite } from './store/pglite.ts';
import { openPostgres } from './store/postgres.ts';
import { databaseFolder, finishRestore, restoreBackup } from './store/restore.ts';
import { systemEnvironment } from './system/environment.ts';
import { FolderInUse, lockFolder } from './system/folder-lock.ts';
import { keepRowsYoung } from './system/heap.ts';
import { codeTables, mappedPlatforms, profiles } from './system/mappings.ts';
import { OperatorError } from './system/operator-error.ts';
import { verifyTlsAlways } from './system/verified-tls.ts';

/** The composition root: which adapters there are, and what the commands work with. */

const adapters = new Map(
  [
    bonjourSante,
    rvsq,
    caldav,
    ics,
    schedulingLinks,
    easyAppointments,
    calCom,
    oscar,
    openmrsAppointments,
    googleCalendar,
    fhirR4,
    clicSante,
    hl7Siu,
    mailbox,
    manual,
    roster,
    agenda,
  ].map((adapter) => [adapter.manifest.id, adapter]),
);

function openOffline({ databaseUrl }: GatewayEnvironment): Offline {
  const database = databaseUrl === null ? null : openPostgres(databaseUrl, { onError: () => undefined });
  return {
    connect: connectPlatform,
    checkMail: async (server) => (await import('./mail/escalation.ts')).checkMail(server),
    async databaseTime() {
      if (!database) throw new Error('DATABASE_URL is not set');
      const text = 'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms';
      const [row] = await database.query<{ now_ms: number }>(text);
      return instant(row?.now_ms ?? Number.NaN);
    },
    close: async () => database?.close(),
  };
}

const backups: Backups = {
  async take(dataFolder, file) {
    try {
      return await whileLocked(present(dataFolder), async () => {
        await finishRestore(dataFolder);
        const folder = databaseFolder(dataFolder);
        if (!existsSync(folder))
          throw new OperatorError(`${dataFolder} has no database: see PASSERELLE_DATA`);
        const database = await openPglite(folder);
        try {
          return await writeBackup(file, (await backupsOf(database, Date.now)()).chunks);
        } finally {
          await database.close();
        }
      });
    } catch (error) {
      if (error instanceof FolderInUse) return 'in use';
      throw error;
    }
  },
  keep: writeBackup,
  async restore(dataFolder, file, { replace }) {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const { manifest, replaced } = await whileLocked(dataFolder, () =>
      restoreBackup(file, dataFolder, { replace, now: Date.now() }),
    );
    return { ...manifest, replaced, hasKey: existsSync(join(dataFolder, 'sealing-key')) };
  },
};

function present(folder: string): string {
  if (existsSync(folder)) return folder;
  throw new OperatorError(`there is no ${folder}: PASSERELLE_DATA names the folder of the gateway`);
}

async function whileLocked<T>(dataFolder: string, work: () => Promise<T>): Promise<T> {
  const unlock = lockFolder(dataFolder);
  try {
    return await work();
  } finally {
    unlock();
  }
}

verifyTlsAlways(process.env, (text) => process.stderr.write(text));
keepRowsYoung();
process.exitCode = await runProgram(
  {
    // Most of what is loaded is of the gateway, and most commands only ask one that runs.
    startGateway: async (options) => (await import('./gateway.ts')).startGateway({ ...options, adapters }),
    openOffline,
    backups,
    openSheets: async (environment) =>
      (await import('./contingency-keeping.ts')).openOfflineSheets(environment),
    adapters,
    mappings: { platforms: mappedPlatforms, tables: codeTables, codeSystems: profiles },
    loadAdapters: createLoader(),
    variables: process.env,
    clock: systemEnvironment.clock,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  },
  process.argv,
);
