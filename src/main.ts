#!/usr/bin/env node
import agenda from '../adapters/agenda/adapter.ts';
import bonjourSante from '../adapters/bonjour-sante/adapter.ts';
import caldav from '../adapters/caldav/adapter.ts';
import rvsq from '../adapters/rvsq/adapter.ts';
import type { Offline } from './cli/dependencies.ts';
import { runProgram } from './cli/program.ts';
import type { GatewayEnvironment } from './config/environment.ts';
import { instant } from './domain/instant.ts';
import { startGateway } from './gateway.ts';
import { connectPlatform } from './platforms.ts';
import { openPostgres } from './store/postgres.ts';
import { keepRowsYoung } from './system/heap.ts';

/** The composition root: which adapters there are, and what the commands work with. */

const adapters = new Map(
  [bonjourSante, rvsq, caldav, agenda].map((adapter) => [adapter.manifest.id, adapter]),
);

function openOffline({ databaseUrl }: GatewayEnvironment): Offline {
  const database = databaseUrl === null ? null : openPostgres(databaseUrl, { onError: () => undefined });
  return {
    connect: connectPlatform,
    async databaseTime() {
      if (!database) throw new Error('DATABASE_URL is not set');
      const text = 'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms';
      const [row] = await database.query<{ now_ms: number }>(text);
      return instant(row?.now_ms ?? Number.NaN);
    },
    close: async () => database?.close(),
  };
}

keepRowsYoung();
process.exitCode = await runProgram(
  {
    startGateway,
    openOffline,
    adapters,
    variables: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  },
  process.argv,
);
