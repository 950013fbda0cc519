import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Appointment, Slot } from 'fhir/r4.js';
import { contingency } from '../../src/cli/contingency.ts';
import { openOfflineSheets } from '../../src/contingency-keeping.ts';
import { DAY, HOUR } from '../../src/domain/instant.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { dependencies } from '../cli/output.ts';
import { scheduleOf } from '../support/clinic-configuration.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { PATIENT } from '../support/incoming-appointment.ts';
import { ACTORS, MirroredClinic } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.ts';

/** A clinic whose database goes away, and then its gateway as well: what it can still print. */

const [ACTOR = ''] = ACTORS;
const DESK = ['system/Appointment.s', 'system/Patient.r'];
const RECOVERY_MILLISECONDS = 60_000;

type Sheet = {
  stale: boolean;
  asOf: string;
  locations: {
    schedules: { days: { entries: { kind: string; patient?: { family: string } | null }[] }[] }[];
  }[];
};
const familiesOn = ({ locations }: Sheet): string[] =>
  locations
    .flatMap(({ schedules }) => schedules)
    .flatMap(({ days }) => days)
    .flatMap(({ entries }) => entries)
    .flatMap(({ patient }) => (patient ? [patient.family] : []));

/** Of the doctor's own agenda, so that there is one on any day of the week: in a day, which is tomorrow everywhere. */
async function book(clinic: MirroredClinic): Promise<void> {
  const start = new Date(Math.ceil((Date.now() + DAY - 2 * HOUR) / HOUR) * HOUR);
  const slot = await clinic.ask<Slot>('POST', '/fhir/Slot', {
    ...{ resourceType: 'Slot', status: 'free', schedule: { reference: `Schedule/${scheduleOf(ACTOR)}` } },
    ...{ start: start.toISOString(), end: new Date(start.getTime() + 1_200_000).toISOString() },
  });
  expect(slot.status, JSON.stringify(slot.json)).to.equal(201);
  const { id, start: from, end } = slot.json;
  const booked = await clinic.ask<Appointment>('POST', '/fhir/Appointment', {
    ...{ resourceType: 'Appointment', status: 'booked', contained: [PATIENT], start: from, end },
    ...{ slot: [{ reference: `Slot/${id}` }], comment: 'Toux fictive' },
    participant: [{ actor: { reference: '#patient' }, status: 'accepted' }],
  });
  expect(booked.status, JSON.stringify(booked.json)).to.equal(201);
}

/** Of the name that is in use. */
const family = PATIENT.name[1].family;

async function printed(clinic: MirroredClinic): Promise<string> {
  const variables = { PASSERELLE_DATA: clinic.environment.dataFolder };
  const command = dependencies({ openSheets: openOfflineSheets, variables });
  await contingency(command, {
    ...{ language: 'fr', paper: 'letter', organization: undefined, pdf: undefined, csv: undefined },
  });
  return command.out();
}

describe('a clinic whose PostgreSQL goes away', function () {
  this.timeout(240_000);
  let opened: Awaited<ReturnType<typeof freshPostgres>>;
  let proxy: TcpProxy;
  let clinic: MirroredClinic;
  let token: string;

  before(
    requireServer('PostgreSQL', hasPostgres, async () => {
      opened = await freshPostgres();
      proxy = await tcpProxy(opened.url);
      clinic = await MirroredClinic.open({ databaseUrl: proxy.url, ownAgenda: [ACTOR], keepDays: 30 });
      await book(clinic);
      const body = { name: 'accueil', scopes: DESK, expiresInDays: 1 };
      const made = await clinic.ask<{ token: string }>('POST', '/api/tokens', body, {
        'content-type': 'application/json',
      });
      token = made.json.token;
    }),
  );
  after(async () => {
    await clinic?.close();
    await proxy?.cut();
    await opened?.drop();
  });

  const ask = (path: string) =>
    fetch(new URL(path, clinic.url), {
      headers: { authorization: `Bearer ${token}`, 'accept-language': 'fr' },
    });
  const sheet = async (): Promise<Sheet> => {
    const answer = await ask('/api/contingency');
    expect(answer.status).to.equal(200);
    return (await answer.json()) as Sheet;
  };
  const spooled = async () =>
    readdir(join(clinic.environment.dataFolder, 'audit-spool')).catch((): string[] => []);
  const recorded = async () => {
    const database = openPostgres(opened.url, { onError: () => undefined });
    try {
      return await database.query<{ detail: Record<string, string>; entities: string[]; agent: string }>(
        "select detail::jsonb as detail, entities, agent from audit_event where type = 'contingency.read' order by sequence",
      );
    } finally {
      await database.close();
    }
  };

  it('has the sheet fresh while all is well, in memory and sealed in a file of this user', async () => {
    const now = await sheet();
    expect([now.stale, familiesOn(now)]).to.deep.equal([false, [family]]);
    const path = join(clinic.environment.dataFolder, 'contingency', 'clinique-essai.sealed');
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect((await readFile(path)).includes(family)).to.equal(false);
    expect(await recorded()).to.have.length(1);
  });

  it('answers the sheet, and nothing else, when the database is gone, and says that it is stale', async () => {
    await proxy.cut();
    const then = await sheet();
    expect([then.stale, familiesOn(then)]).to.deep.equal([true, [family]]);
    const pdf = await ask('/api/contingency.pdf');
    expect([
      pdf.status,
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ]).to.deep.equal([200, '%PDF-']);
    const csv = await (await ask('/api/contingency.csv')).text();
    expect(csv).to.include('La base de données ne répond pas').and.to.include(family);
    expect((await ask('/fhir/Appointment')).status).to.be.within(500, 503);
    expect(await spooled()).to.have.length(3);
  });

  it('is printed by the command line as well, without the database and without the gateway', async () => {
    expect(await printed(clinic))
      .to.include(family)
      .and.to.include('Toux fictive');
    expect(await spooled()).to.have.length(4);
  });

  it('puts every access into the chain once the database is back', async () => {
    await proxy.restore();
    await until('the spool is empty', async () => (await spooled()).length === 0, RECOVERY_MILLISECONDS);
    const rows = (await recorded()).filter(({ detail }) => detail['spool'] !== undefined);
    expect(rows.map(({ detail }) => detail['format']).sort()).to.deep.equal(['csv', 'json', 'pdf', 'text']);
    for (const { entities, detail } of rows) {
      expect(detail['happenedAt']).to.match(/^\d{4}-/);
      expect(entities.some((path) => path.startsWith('Patient/'))).to.equal(true);
    }
    expect(rows.some(({ agent }) => agent === 'administrator')).to.equal(true);
    await until('it is fresh again', async () => !(await sheet()).stale, RECOVERY_MILLISECONDS);
  });
});

describe('a clinic whose embedded database is gone with its gateway', function () {
  this.timeout(240_000);
  let clinic: MirroredClinic;
  before(async () => {
    clinic = await MirroredClinic.open({ ownAgenda: [ACTOR], keepDays: 30 });
    await book(clinic);
  });
  after(() => clinic?.close());

  it('prints the sheet from its sealed file, and records that at the next start', async () => {
    const { dataFolder } = clinic.environment;
    const headers = await clinic.headers();
    const now = (await (await fetch(`${clinic.url}/api/contingency`, { headers })).json()) as Sheet;
    expect(familiesOn(now)).to.deep.equal([family]);
    await clinic.stop();
    expect(await printed(clinic)).to.include(family);
    expect(await readdir(join(dataFolder, 'audit-spool'))).to.have.length(1);
    await clinic.start();
    await until(
      'it is recorded',
      async () => (await readdir(join(dataFolder, 'audit-spool'))).length === 0,
      RECOVERY_MILLISECONDS,
    );
  });
});
