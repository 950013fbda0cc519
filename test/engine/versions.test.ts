import { expect } from 'chai';
import type { Appointment, Bundle, FhirResource, Location, Slot } from 'fhir/r4.js';
import pino from 'pino';
import type { Configuration } from '../../src/config/read-configuration.ts';
import { startGateway } from '../../src/gateway.ts';
import { BookingClient } from '../support/booking-client.ts';
import { scheduleOf } from '../support/clinic-configuration.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';

/** What a client that follows Passerelle by versions sees of a clinic that lives. */
describe('versions over FHIR, through engine and store', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;
  let client: BookingClient;

  before(async () => {
    clinic = await MirroredClinic.open();
    client = new BookingClient(clinic);
  });
  after(() => clinic?.close());

  async function get<R extends FhirResource>(path: string, status = 200): Promise<R> {
    const answer = await clinic.ask<R>('GET', `/fhir/${path}`);
    expect(answer.status, JSON.stringify(answer.json)).to.equal(status);
    expect(faultsOf(answer.json), path).to.deep.equal([]);
    return answer.json;
  }
  const slotAt = async ({ actor, start }: SimSlot): Promise<Slot> => {
    const query = `schedule=${scheduleOf(actor)}&start=${encodeURIComponent(start)}`;
    const found = (await get<Bundle<Slot>>(`Slot?${query}`)).entry?.find(({ resource }) =>
      resource?.meta?.source?.endsWith('/bonjour-sante'),
    )?.resource;
    if (!found) throw new Error('Passerelle does not have this slot');
    return found;
  };
  /** The oldest first: its method, its version, and its status. */
  const told = async (path: string): Promise<string[]> =>
    ((await get<Bundle<Slot | Appointment>>(`${path}/_history`)).entry ?? [])
      .map(
        ({ request, resource }) =>
          `${request?.method} ${resource?.meta?.versionId ?? ''} ${resource?.status ?? ''}`,
      )
      .reverse();

  it('has the states of a slot and of an appointment, from the offer to the cancellation', async () => {
    const offered = await clinic.vendor.laterSlot(0);
    const { id } = await slotAt(offered);
    const { json: appointment } = await client.book(offered);
    await client.cancel(appointment);
    expect(await told(`Slot/${id}`)).to.deep.equal(['POST 1 free', 'PUT 2 busy', 'PUT 3 free']);
    expect(await told(`Appointment/${appointment.id}`)).to.deep.equal([
      'POST 1 pending',
      'PUT 2 booked',
      'PUT 3 cancelled',
    ]);
    expect((await get<Slot>(`Slot/${id}/_history/2`)).status).to.equal('busy');
    expect((await get<Appointment>(`Appointment/${appointment.id}/_history/1`)).status).to.equal('pending');
  });

  it('says that a slot is gone, and goes on when its platform offers it again', async () => {
    const offered = await clinic.vendor.laterSlot(8);
    const { id } = await slotAt(offered);
    const { agenda } = clinic.simulators.vendor;
    const record = agenda.find('slot', offered.id);
    if (!record) throw new Error('the vendor does not have this slot');
    agenda.remove(record);
    await until('it is gone', async () => (await clinic.ask('GET', `/fhir/Slot/${id}`)).status === 410);
    await get(`Slot/${id}`, 410);
    await get(`Slot/${id}/_history/2`, 410);
    expect(await told(`Slot/${id}`)).to.deep.equal(['POST 1 free', 'DELETE  ']);

    agenda.change(record, {});
    await until('it is back', async () => (await clinic.ask('GET', `/fhir/Slot/${id}`)).status === 200);
    expect(await told(`Slot/${id}`)).to.deep.equal(['POST 1 free', 'DELETE  ', 'PUT 3 free']);
    const { entry } = await get<Bundle>('Slot/_history?_count=2');
    expect(entry?.map(({ request }) => `${request?.method} ${request?.url}`)).to.deep.equal([
      `PUT Slot/${id}`,
      `DELETE Slot/${id}`,
    ]);
  });

  it('has those of the configuration across restarts', async () => {
    const before = await get<Location>('Location/ici');
    expect(before.meta).to.include({ versionId: '1' });
    const { directory, ...rest } = clinic.configuration;
    const [here] = directory.locations;
    if (!here) throw new Error('no location');
    const restart = async (locations: typeof directory.locations): Promise<void> => {
      await clinic.stop();
      const configuration: Configuration = { ...rest, directory: { ...directory, locations } };
      const { environment } = clinic;
      const logger = pino({ level: 'silent' });
      clinic.gateway = await startGateway({
        environment,
        role: 'both',
        configuration,
        onEvent: () => undefined,
        logger,
      });
    };
    await restart([
      { ...here, name: 'Ailleurs' },
      { ...here, id: 'neuf' },
    ]);
    const after = await get<Location>('Location/ici');
    expect(after).to.include({ name: 'Ailleurs' });
    expect(after.meta?.versionId).to.equal('2');
    expect(await get<Location>('Location/ici/_history/1')).to.deep.equal(before);
    expect((await get<Location>('Location/neuf')).meta?.versionId).to.equal('1');
    // A schedule names its place; a practitioner does not.
    expect((await get<Bundle>('Schedule/_history?_total=accurate')).total).to.equal(4);
    expect((await get<Bundle>('Practitioner/_history?_total=accurate')).total).to.equal(2);

    await restart([{ ...here, name: 'Ailleurs' }]);
    expect((await get<Location>('Location/ici')).meta).to.deep.equal(after.meta);
    await get('Location/neuf', 410);
    expect((await get<Bundle>('Location/_history')).entry).to.have.length(4);
  });
});
