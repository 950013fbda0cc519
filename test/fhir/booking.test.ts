import { expect } from 'chai';
import type { Appointment, Bundle, OperationOutcome } from 'fhir/r4.js';
import { parseInstant } from '../../src/domain/instant.ts';
import type { MoveOutcome } from '../../src/engine/ports/front.ts';
import { appointmentRow, NOW, said, slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf, PATIENT } from '../support/incoming-appointment.ts';
import { r4, resourcesOf, type Served, serve } from '../support/served-front.ts';

describe('fhir: booking and cancelling', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  const post = (body: unknown) => served.request('POST', '/fhir/Appointment', { body });
  const put = (
    body: { readonly id?: unknown; readonly status?: unknown },
    headers: Record<string, string> = {},
  ) => served.request('PUT', `/fhir/Appointment/${body.id}`, { body, headers });
  const expressionsOf = (text: string): unknown[] =>
    (JSON.parse(text) as OperationOutcome).issue.flatMap((issue) => issue.expression ?? []);

  it('books through the port, with the patient for the platform and for nobody else', async () => {
    const body = { ...bookingOf(uuid(1)), comment: 'Fauteuil roulant' };
    const created = r4<Appointment>(await served.client.create({ resourceType: 'Appointment', body }));
    expect(faultsOf(created)).to.deep.equal([]);
    expect(created).to.include({ status: 'booked', comment: 'Fauteuil roulant' });
    expect(created.slot).to.deep.equal([{ reference: `Slot/${uuid(1)}` }]);
    expect(JSON.stringify(created)).to.not.contain('Fictif');
    const [command] = served.world.booked;
    expect(command?.slot.id).to.equal(uuid(1));
    expect(command?.comment).to.equal('Fauteuil roulant');
    expect(command?.patient).to.include({ family: 'Fictif', given: 'Anne Marie', nam: 'FICA01010113' });
    // The second route: the slot as it now is.
    expect(served.world.slots.find((row) => row.id === uuid(1))?.status).to.equal('busy');
  });

  it('answers 201 with Location, ETag and Last-Modified', async () => {
    const { status, headers, json } = await post(bookingOf(uuid(1)));
    expect(status).to.equal(201);
    expect(headers.get('location')).to.equal(`${served.url}/fhir/Appointment/${json().id}`);
    expect(headers.get('etag')).to.equal('W/"1"');
    expect(headers.get('last-modified')).to.equal('Mon, 23 Nov 2026 13:00:00 GMT');
  });

  it('tells a booking that its platform has not confirmed yet as pending', async () => {
    const appointment = { ...appointmentRow(7, slotRow(1), null), status: 'pending' as const };
    served.world.bookOutcome = { outcome: 'pending', appointment, reason: said('the platform is down') };
    const { status, json } = await post(bookingOf(uuid(1)));
    expect(status).to.equal(201);
    expect(json()).to.include({ status: 'pending' });
  });

  it('refuses the second of two with 409, a conflict on the slot', async () => {
    const answers = await Promise.all([post(bookingOf(uuid(1))), post(bookingOf(uuid(1)))]);
    expect(answers.map((answer) => answer.status).sort()).to.deep.equal([201, 409]);
    const refused = answers.find((answer) => answer.status === 409);
    const { issue } = JSON.parse(refused?.text ?? '{}') as OperationOutcome;
    expect(issue[0]).to.include({ severity: 'error', code: 'conflict' });
    expect(issue[0]?.expression).to.deep.equal(['Appointment.slot']);
  });

  it('does not book a slot that is not what the client saw, nor another doctor’s', async () => {
    const moved = {
      ...bookingOf(uuid(1)),
      start: '2026-11-24T08:55:00-05:00',
      end: '2026-11-24T09:15:00-05:00',
    };
    const wrong = {
      ...bookingOf(uuid(1)),
      participant: [{ actor: { reference: 'Practitioner/tremblay' }, status: 'accepted' }],
      contained: undefined,
    };
    expect(expressionsOf((await post(moved)).text)).to.deep.equal(['Appointment.start', 'Appointment.end']);
    expect(expressionsOf((await post(wrong)).text)).to.deep.equal([
      'Appointment.participant[0].actor.reference',
    ]);
    expect(served.world.booked).to.deep.equal([]);
  });

  it('refuses a health insurance number that is of no date, or of another than birthDate, and repeats neither', async () => {
    const rows: [value: string, en: RegExp, fr: RegExp][] = [
      ['FICA0101011', /four letters and eight digits/, /quatre lettres et huit chiffres/],
      ['FICA01320113', /a birth date in it that does not exist/, /une date de naissance qui n’existe pas/],
      [
        'FICA01010213',
        /another birth date in it than birthDate/,
        /une autre date de naissance que birthDate/,
      ],
    ];
    for (const [value, en, fr] of rows) {
      const identifier = [{ ...PATIENT.identifier[0], value }];
      const body = { ...bookingOf(uuid(1)), contained: [{ ...PATIENT, identifier }] };
      for (const [language, said] of [
        ['en', en],
        ['fr', fr],
      ] as const) {
        const headers = { 'accept-language': language };
        const { status, text } = await served.request('POST', '/fhir/Appointment', { body, headers });
        expect(status, text).to.equal(422);
        expect(expressionsOf(text)).to.deep.equal(['Appointment.contained[0].identifier.value']);
        expect(text).to.match(said).and.not.to.contain(value).and.not.to.contain('2001-01-01');
      }
    }
    expect(served.world.booked).to.deep.equal([]);
  });

  it('warns of another check digit, and refuses it where the clinic says so', async () => {
    const identifier = [{ ...PATIENT.identifier[0], value: 'FICA01010114' }];
    const body = { ...bookingOf(uuid(1)), contained: [{ ...PATIENT, identifier }] };
    const parameter = [
      { name: 'resource', resource: body },
      { name: 'mode', valueCode: 'create' },
    ];
    const validated = await served.request('POST', '/fhir/Appointment/$validate', {
      body: { resourceType: 'Parameters', parameter },
    });
    const [warning] = validated.json<OperationOutcome>().issue;
    expect(warning?.severity).to.equal('warning');
    expect(warning?.diagnostics).to.match(/^the last digit of this health insurance number/);
    served.world.namCheckDigit = 'refuse';
    const refused = await post(body);
    expect([refused.status, ...expressionsOf(refused.text)]).to.deep.equal([
      422,
      'Appointment.contained.identifier.value',
    ]);
    expect(refused.text).not.to.contain('FICA01010114');
    served.world.namCheckDigit = 'warn';
    expect((await post(body)).status).to.equal(201);
  });

  it('cancels by PUT, and once more without asking the platform again', async () => {
    const created = (await post(bookingOf(uuid(1)))).json<Appointment>();
    const cancelled = await served.client.update({
      resourceType: 'Appointment',
      id: created.id ?? '',
      body: { ...created, status: 'cancelled', cancelationReason: { text: 'Empêchement' } },
    });
    expect(faultsOf(cancelled)).to.deep.equal([]);
    expect(cancelled).to.include({ id: created.id, status: 'cancelled' });
    expect(served.world.appointments[0]?.status).to.equal('cancelled');
    const again = await put({ ...created, status: 'cancelled' });
    expect(again.status).to.equal(200);
    expect(served.world.cancelled).to.deep.equal([created.id]);
  });

  it('cancels by a body that only says so', async () => {
    const { id } = (await post(bookingOf(uuid(1)))).json<Appointment>();
    const participant = [{ actor: { reference: 'Practitioner/gagnon' }, status: 'declined' }];
    const body = { resourceType: 'Appointment', id, status: 'cancelled', participant };
    expect((await put(body)).json()).to.include({ status: 'cancelled' });
  });

  it('says until when it could be cancelled, and whom to call', async () => {
    const created = (await post(bookingOf(uuid(1)))).json<Appointment>();
    served.world.cancelOutcome = { outcome: 'too-late', until: parseInstant('2026-11-23T09:00:00-05:00') };
    const { status, text } = await put({ ...created, status: 'cancelled' });
    expect(status).to.equal(422);
    const [issue] = (JSON.parse(text) as OperationOutcome).issue;
    expect(issue?.code).to.equal('business-rule');
    expect(issue?.diagnostics)
      .to.contain('until 2026-11-23T09:00:00-05:00')
      .and.contain('call Clinique fictive de Verdun, +1 514 555-0100');
  });

  it('refuses any other change and says which', async () => {
    const created = (await post(bookingOf(uuid(1)))).json<Appointment>();
    const changes: [change: Partial<Appointment>, expression: string][] = [
      [{ status: 'fulfilled' }, 'Appointment.status'],
      [{ status: 'cancelled', start: '2026-11-24T08:00:00-05:00' }, 'Appointment.start'],
      [{ status: 'cancelled', end: '2026-11-24T10:00:00-05:00' }, 'Appointment.end'],
      [{ status: 'cancelled', slot: [{ reference: `Slot/${uuid(2)}` }] }, 'Appointment.slot'],
      [{ status: 'cancelled', comment: 'autre' }, 'Appointment.comment'],
      [
        {
          status: 'cancelled',
          participant: [{ actor: { reference: 'Practitioner/x' }, status: 'accepted' }],
        },
        'Appointment.participant[0].actor.reference',
      ],
    ];
    for (const [change, expression] of changes) {
      const { status, text } = await put({ ...created, ...change });
      expect([status, ...expressionsOf(text)], expression).to.deep.equal([422, expression]);
    }
    expect(served.world.cancelled).to.deep.equal([]);
  });

  it('leaves what is so already, and asks no platform', async () => {
    const created = (await post(bookingOf(uuid(1)))).json<Appointment>();
    const again = await put(created);
    expect([again.status, again.json<Appointment>().status]).to.deep.equal([200, 'booked']);
    expect(served.world.booked).to.have.length(1);
  });

  it('honours If-Match', async () => {
    const created = (await post(bookingOf(uuid(1)))).json<Appointment>();
    const cancelled = { ...created, status: 'cancelled' };
    expect((await put(cancelled, { 'if-match': 'W/"2"' })).status).to.equal(412);
    expect(served.world.cancelled).to.deep.equal([]);
    const done = await put(cancelled, { 'if-match': 'W/"1"' });
    expect([done.status, done.headers.get('etag')]).to.deep.equal([200, 'W/"2"']);
  });

  describe('moving by PUT', () => {
    /** Slots 1, 3 and 5 are Dr Gagnon's, one after the other; 2 is another doctor's. */
    const timesOf = (number: number) => {
      const { start, end } = JSON.parse(
        `${appointmentRow(0, slotRow(number), null).document}}`,
      ) as Appointment;
      return { start, end };
    };
    const to = (number: number, booked: Appointment): Appointment => ({
      ...booked,
      ...timesOf(number),
      slot: [{ reference: `Slot/${uuid(number)}` }],
    });
    const booked = async () =>
      (await post({ ...bookingOf(uuid(1)), comment: 'Fauteuil roulant' })).json<Appointment>();
    const refusalOf = async (body: Appointment) => {
      const { status, text } = await put(body);
      const { issue } = JSON.parse(text) as OperationOutcome;
      return [status, issue.map(({ code }) => code), expressionsOf(text)];
    };

    it('gives the same appointment the time of another slot, and once more asks nobody', async () => {
      const before = await booked();
      const body = to(3, before);
      const moved = (await put(body)).json<Appointment>();
      expect(faultsOf(moved)).to.deep.equal([]);
      const { id, comment } = before;
      expect(moved).to.deep.include({ id, comment, status: 'booked', ...timesOf(3) });
      expect(moved.slot).to.deep.equal(body.slot);
      expect(served.world.moved).to.deep.equal([{ appointmentId: id, slotId: uuid(3) }]);
      expect(served.world.slots.filter(({ status }) => status === 'busy').map((row) => row.id)).to.deep.equal(
        [uuid(3)],
      );
      const again = await put(body);
      expect([again.status, again.headers.get('etag')]).to.deep.equal([200, 'W/"2"']);
      expect(served.world.moved).to.have.length(1);
    });

    it('finds the slot by its times where none is named', async () => {
      const { slot: _, ...body } = to(3, await booked());
      expect((await put(body)).json<Appointment>().slot).to.deep.equal([{ reference: `Slot/${uuid(3)}` }]);
    });

    it('honours If-Match', async () => {
      const body = to(3, await booked());
      expect((await put(body, { 'if-match': 'W/"2"' })).status).to.equal(412);
      expect(served.world.moved).to.deep.equal([]);
      const { status, headers } = await put(body, { 'if-match': 'W/"1"' });
      expect([status, headers.get('etag')]).to.deep.equal([200, 'W/"2"']);
    });

    it('does not move where slot and times do not agree, or are nowhere, nor with another change', async () => {
      const before = await booked();
      const there = to(3, before);
      const { slot: _, ...somewhere } = before;
      const rule = ['business-rule'];
      const rows: [body: Appointment, code: string[], expression: string[]][] = [
        // The old slot, or the old times, are left in it.
        [{ ...there, slot: before.slot ?? [] }, [...rule, ...rule], ['Appointment.start', 'Appointment.end']],
        [{ ...there, ...timesOf(1) }, [...rule, ...rule], ['Appointment.start', 'Appointment.end']],
        [{ ...there, end: timesOf(5).end ?? '' }, rule, ['Appointment.end']],
        [to(2, before), rule, ['Appointment.participant[0].actor.reference']],
        [{ ...there, slot: [{ reference: `Slot/${uuid(99)}` }] }, ['not-found'], ['Appointment.slot']],
        [{ ...there, slot: [{ reference: 'Slot/x' }] }, ['not-found'], ['Appointment.slot']],
        [{ ...somewhere, start: '2026-11-24T03:00:00-05:00' }, rule, ['Appointment.start']],
        [{ ...there, comment: 'autre' }, ['not-supported'], ['Appointment.comment']],
      ];
      for (const [body, codes, expressions] of rows)
        expect(await refusalOf(body)).to.deep.equal([422, codes, expressions]);
      expect(served.world.moved).to.deep.equal([]);
    });

    it('asks which slot is meant where two have these times', async () => {
      const { slot: _, ...body } = to(3, await booked());
      const [row] = served.world.appointments;
      if (!row) throw new Error('nothing was booked');
      // Moved at its platform, so that its slot is not known.
      const document = row.document.replace(/,"slot":[^\]]*\]/, '');
      served.world.appointments = [{ ...row, document, slotId: null }];
      served.world.slots.push({ ...slotRow(3), id: uuid(50), connectionId: 'public' });
      expect(await refusalOf(body)).to.deep.equal([422, ['business-rule'], ['Appointment.slot']]);
    });

    it('is refused with the reason, and when to try again', async () => {
      const body = to(3, await booked());
      const reason = said('it is so');
      const rows: [outcome: MoveOutcome, status: number, code: string, retryAfter: string | null][] = [
        [{ outcome: 'taken' }, 409, 'conflict', null],
        [{ outcome: 'refused', reason }, 409, 'conflict', null],
        [{ outcome: 'not-released', from: NOW }, 409, 'business-rule', null],
        [{ outcome: 'not-movable', reason }, 422, 'business-rule', null],
        [{ outcome: 'too-late', until: NOW }, 422, 'business-rule', null],
        [{ outcome: 'unavailable', reason }, 503, 'transient', '30'],
        [{ outcome: 'unknown', reason }, 503, 'transient', '120'],
        [{ outcome: 'unknown-appointment' }, 404, 'not-found', null],
      ];
      for (const [outcome, status, code, retryAfter] of rows) {
        served.world.moveOutcome = outcome;
        const answer = await put(body);
        const [issue] = answer.json<OperationOutcome>().issue;
        expect([answer.status, issue?.code, answer.headers.get('retry-after')]).to.deep.equal([
          status,
          code,
          retryAfter,
        ]);
        if ('reason' in outcome) expect(issue?.diagnostics).to.equal(outcome.reason.en);
        if (outcome.outcome === 'too-late')
          expect(issue?.diagnostics)
            .to.contain('it could be moved from here until')
            .and.contain('514 555-0100');
      }
    });
  });

  it('finds appointments by date, status, actor and id', async () => {
    const first = (await post(bookingOf(uuid(1)))).json<Appointment>();
    const [slot] = served.world.slots.slice(1);
    if (!slot) throw new Error('no second slot');
    served.world.appointments.push({ ...appointmentRow(2_000, slot, null), status: 'cancelled' });
    const rows: [query: string, ids: (string | undefined)[]][] = [
      ['', [first.id, uuid(2_000)]],
      ['?status=booked', [first.id]],
      ['?status=cancelled,noshow', [uuid(2_000)]],
      ['?date=2026-11-24', [first.id, uuid(2_000)]],
      ['?date=lt2026-11-24', []],
      ['?practitioner=tremblay', [uuid(2_000)]],
      ['?practitioner=Practitioner/gagnon', [first.id]],
      ['?actor=Practitioner/gagnon&actor=Location/verdun', [first.id]],
      ['?location=verdun&_sort=date', [first.id, uuid(2_000)]],
      ['?location=elsewhere', []],
      [`?_id=${first.id}`, [first.id]],
    ];
    for (const [query, ids] of rows) {
      const bundle = (await served.request('GET', `/fhir/Appointment${query}`)).json<Bundle>();
      expect(faultsOf(bundle), query).to.deep.equal([]);
      expect(
        resourcesOf(bundle).map((each) => each.id),
        query,
      ).to.deep.equal(ids);
    }
    const counted = (await served.request('GET', '/fhir/Appointment?_summary=count')).json<Bundle>();
    expect(counted.total).to.equal(2);
  });
});
