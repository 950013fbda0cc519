import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { Appointment, Bundle, Slot } from 'fhir/r4.js';
import { ConfigurationAnswer, type TrialAnswer } from '../../src/server/contract/configuration.ts';
import { type ServedProgram, serveProgram } from '../support/served-program.ts';
import { until } from '../support/servers.ts';

/** The program itself, from nothing: its file is made, changed and spoilt under it. One process, since each start is dear. */

const STEP_MILLISECONDS = 60_000;
const KEY = 'cle-du-simulateur';

describe('passerelle serve --from-nothing, whose configuration changes under it', function () {
  this.timeout(240_000);
  let served: ServedProgram;

  before(async () => {
    served = await serveProgram('nothing');
  });
  after(() => served.close());

  async function configuration(): Promise<ConfigurationAnswer> {
    const response = await fetch(`${served.url}/api/configuration`, { headers: served.headers });
    return ConfigurationAnswer.parse(await response.json());
  }

  /** It closes for a moment, and then nobody answers. */
  const settled = (what: string, is: (found: ConfigurationAnswer) => boolean): Promise<void> =>
    until(
      what,
      async () => {
        const found = await configuration().catch(() => null);
        return found !== null && is(found);
      },
      STEP_MILLISECONDS,
    );

  /** It may be closing for the change before: then it is asked again. */
  async function put(path: string, body: object): Promise<void> {
    await until(
      path,
      async () => {
        const found = await configuration().catch(() => null);
        if (!found) return false;
        const response = await fetch(`${served.url}/api/configuration/${path}`, {
          method: 'PUT',
          headers: { ...served.headers, 'if-match': `"${found.revision}"` },
          body: JSON.stringify(body),
        }).catch(() => null);
        if (response && response.status !== 200) throw new Error(await response.text());
        return response !== null;
      },
      STEP_MILLISECONDS,
    );
  }

  const isRunning = () => settled('it runs', ({ running, revision }) => running === revision);

  /** The calendar that a trial of the connection suggests for the only doctor; asked again as what is put is. */
  async function suggested({ id, ...value }: Readonly<Record<string, unknown>>): Promise<string | undefined> {
    let tried = null as TrialAnswer | null;
    await until(
      'a trial',
      async () => {
        const response = await fetch(`${served.url}/api/configuration/try`, {
          ...{ method: 'POST', headers: served.headers, body: JSON.stringify({ id, value }) },
        }).catch(() => null);
        if (response && response.status !== 200) throw new Error(await response.text());
        tried = response && ((await response.json()) as TrialAnswer);
        return tried !== null;
      },
      STEP_MILLISECONDS,
    );
    expect([tried?.problems, tried?.reached?.fault]).to.deep.equal([[], null]);
    return tried?.calendars.found.find(({ suggestion }) => suggestion?.schedule === 'tremblay')?.id;
  }

  async function freeSlots(): Promise<Slot[]> {
    const response = await fetch(`${served.url}/fhir/Slot?status=free&_count=200`, {
      headers: served.headers,
    });
    const { entry = [] } = (await response.json()) as Bundle<Slot>;
    return entry.flatMap(({ resource }) => resource ?? []);
  }

  it('has nothing, says so, and is set up to a doctor on two platforms by what it offers', async () => {
    expect(served.run.output()).to.contain('rien n’est configuré encore');
    const readiness = await fetch(`${served.url}/readyz`);
    expect(readiness.status).to.equal(503);
    expect(await readiness.text()).to.contain('nothing is configured yet');
    const { exists, offered } = await configuration();
    expect(exists).to.equal(false);

    await put('organization', { id: 'parc', name: 'Clinique du Parc' });
    await put('locations/parc', { name: 'Clinique du Parc' });
    await put('services/consultation', { name: { fr: 'Consultation', en: 'Consultation' } });
    await put('practitioners/dr-tremblay', { family: 'Tremblay', given: 'Alex', prefix: 'Dr' });
    await put('schedules/tremblay', {
      practitioner: 'dr-tremblay',
      location: 'parc',
      service: 'consultation',
    });
    for (const platform of ['bonjour-sante', 'rvsq']) {
      const found = offered.find(({ connection }) => connection['id'] === platform);
      const id = await suggested(found?.connection ?? {});
      expect(id).to.equal(found?.calendars.find((each) => each.endsWith('dr-tremblay')));
      if (platform === 'rvsq') {
        // Linked once its changes are followed: what stood in the calendar before was not read.
        await put(`connections/${platform}`, { ...found?.connection });
        await isRunning();
      }
      await put(`connections/${platform}`, {
        ...found?.connection,
        calendars: [{ id, schedule: 'tremblay', topology: 'block' }],
      });
    }
    await until(
      'both are read',
      async () => (await fetch(`${served.url}/readyz`)).status === 200,
      STEP_MILLISECONDS,
    );
    const sources = new Set((await freeSlots()).map(({ meta }) => meta?.source));
    expect([...sources].join())
      .to.contain('bonjour-sante')
      .and.to.contain('rvsq');
    expect(await readFile(served.file, 'utf8')).not.to.contain(KEY);
    expect(served.run.output()).not.to.contain(KEY);
  });

  it('goes on by the former file while what a hand has written is wrong', async () => {
    const good = await readFile(served.file, 'utf8');
    await writeFile(served.file, `${good}surprise: true\n`);
    await until(
      'it says so',
      async () => served.run.output().includes('surprise: unknown key'),
      STEP_MILLISECONDS,
    );
    const found = await configuration();
    expect(found.running).not.to.equal(found.revision);
    expect(found.problems.map(({ path }) => path)).to.deep.equal(['surprise']);
    await writeFile(served.file, good);
    await settled('it is as it was', ({ running, revision }) => running === revision);
    expect(served.run.output().match(/surprise: unknown key/g)).to.have.length(1);
  });

  it('comes back by the former file where the new one cannot be started', async () => {
    const good = await readFile(served.file, 'utf8');
    // It would listen where the gateway itself does.
    const taken = `  - id: dossier
    platform: hl7v2-siu
    allowedTargets: [127.0.0.1]
    settings: { address: "mllp://127.0.0.1:1", listen: { port: ${served.port} } }
    calendars: [{ id: x, schedule: tremblay, topology: block }]
`;
    await writeFile(served.file, good.replace('connections:\n', `connections:\n${taken}`));
    await settled('it has tried', ({ failed }) => failed != null);
    const { running, revision, failed } = await configuration();
    expect(failed?.reason).to.contain('dossier cannot listen');
    expect(failed?.revision).to.equal(revision);
    expect(running).not.to.equal(revision);
    await writeFile(served.file, good);
    await settled('it is as it was', (found) => found.running === found.revision);
  });

  it('answers what is under way before it closes', async () => {
    const asked = request(`${served.url}/api/configuration/check`, {
      method: 'POST',
      headers: served.headers,
    });
    const answered = once(asked, 'response');
    const body = JSON.stringify({ edit: 'remove', list: 'connections', id: 'rvsq' });
    asked.write(body.slice(0, 10));
    await once(asked, 'socket');
    // It is there once one that was sent after it is answered.
    await configuration();
    served.run.child.kill('SIGHUP');
    await until('it takes no more connections', async () => !(await isOpen(served.port)), STEP_MILLISECONDS);
    asked.end(body.slice(10));
    const [response] = await answered;
    expect(response.statusCode).to.equal(200);
    response.resume();
    await settled('it is back', ({ running, revision }) => running === revision);
  });

  it('forgets what was free on a connection that is taken out, and keeps what was booked', async () => {
    const slots = (await (
      await fetch(`http://127.0.0.1:${served.port + 2}/_sim/slots`)
    ).json()) as SimulatedSlot[];
    const slot = slots.find(({ status, actor }) => status === 'free' && actor === 'dr-tremblay');
    await fetch(`http://127.0.0.1:${served.port + 2}/_sim/bookings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ slotId: slot?.id }),
    });
    const appointments = async (): Promise<Appointment[]> => {
      const response = await fetch(`${served.url}/fhir/Appointment?status=booked`, {
        headers: served.headers,
      });
      const { entry = [] } = (await response.json()) as Bundle<Appointment>;
      return entry.flatMap(({ resource }) => resource ?? []);
    };
    await until('it is known', async () => (await appointments()).length === 1, STEP_MILLISECONDS);
    const { revision } = await configuration();
    const removed = await fetch(`${served.url}/api/configuration/connections/rvsq`, {
      method: 'DELETE',
      headers: { ...served.headers, 'if-match': `"${revision}"` },
    });
    expect(removed.status).to.equal(200);
    await settled(
      'it runs without',
      (found) => found.running !== revision && found.running === found.revision,
    );
    await until('its slots are gone', async () => !(await freeSlots()).some(isOfRvsq), STEP_MILLISECONDS);
    const [booked] = await appointments();
    expect(booked?.status).to.equal('booked');
    const cancelled = await fetch(`${served.url}/fhir/Appointment/${booked?.id}`, {
      method: 'PUT',
      headers: { ...served.headers, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ ...booked, status: 'cancelled' }),
    });
    expect(cancelled.status, await cancelled.text()).to.equal(200);
    expect(await appointments()).to.have.length(0);
  });
});

type SimulatedSlot = { readonly id: string; readonly status: string; readonly actor: string };

const isOfRvsq = ({ meta }: Slot): boolean => meta?.source?.includes('rvsq') === true;

function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
