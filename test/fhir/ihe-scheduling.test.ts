import { expect } from 'chai';
import type { Appointment, Bundle, OperationOutcome, Parameters, ParametersParameter } from 'fhir/r4.js';
import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { NOW, slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { PATIENT } from '../support/incoming-appointment.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

/** IHE ITI Scheduling 1.0.0: what its text says that a server SHALL do, and what we do where it is silent. */
describe('fhir: IHE Scheduling', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve({ slots: 12 });
  });
  afterEach(() => served.close());

  const call = async (name: string, parameter: readonly ParametersParameter[], query = '') => {
    const body: Parameters = {
      resourceType: 'Parameters',
      ...(parameter.length > 0 ? { parameter: [...parameter] } : {}),
    };
    const answer = await served.request('POST', `/fhir/Appointment/$${name}${query}`, { body });
    expect(faultsOf(answer.json()), answer.text).to.deep.equal([]);
    return answer;
  };
  const text = (name: string, valueString: string) => ({ name, valueString });
  const at = (name: string, valueDateTime: string) => ({ name, valueDateTime });
  const to = (name: string, reference: string) => ({ name, valueReference: { reference } });
  const by = (name: string, system: string, value: string) => ({
    name,
    valueReference: { identifier: { system, value } },
  });
  const find = async (...parameter: ParametersParameter[]): Promise<Bundle> => {
    const { status, json, text: said } = await call('find', parameter);
    expect(status, said).to.equal(200);
    return json<Bundle>();
  };
  const proposals = (bundle: Bundle) => resourcesOf(bundle) as Appointment[];
  const startsOf = (bundle: Bundle) => proposals(bundle).map(({ start }) => Date.parse(start ?? ''));
  const starts = (test: (number: number) => boolean) =>
    Array.from({ length: 12 }, (_, index) => index + 1)
      .filter(test)
      .map((number) => slotRow(number).startMs)
      .sort((a, b) => a - b);
  const isGagnon = (number: number) => slotRow(number).scheduleId === 'agenda-gagnon';
  const first = async () => {
    const [proposal] = proposals(await find());
    if (!proposal?.id) throw new Error('nothing is proposed');
    return { ...proposal, id: proposal.id };
  };
  const patient = { name: 'patient-resource', resource: PATIENT };
  const reference = (id: string) => to('appointment-reference', `Appointment/${id}`);

  describe('$find', () => {
    it('proposes appointments: times, actors and the period that was asked for', async () => {
      const bundle = await find(at('start', '2026-11-24'), at('end', '2026-11-24'));
      expect(bundle).to.include({ type: 'searchset', total: 12 });
      expect(startsOf(bundle)).to.deep.equal(starts(() => true));
      for (const { status, start, end, requestedPeriod, participant } of proposals(bundle)) {
        expect(status).to.equal('proposed');
        expect(Date.parse(start ?? '')).to.be.below(Date.parse(end ?? ''));
        expect(requestedPeriod).to.deep.equal([
          { start: '2026-11-24T00:00:00-05:00', end: '2026-11-25T00:00:00-05:00' },
        ]);
        for (const each of participant) expect(each.actor?.reference).to.match(/^(Practitioner|Location)\//);
      }
    });

    it('looks 28 days ahead from now where nothing is said, and never back', async () => {
      const [{ requestedPeriod }] = proposals(await find()) as [Appointment];
      const [period] = requestedPeriod ?? [];
      expect(Date.parse(period?.start ?? '')).to.equal(NOW);
      expect(Date.parse(period?.end ?? '')).to.equal(NOW + 28 * 24 * HOUR);
      const [past] = proposals(await find(at('start', '2020-01-01'))) as [Appointment];
      expect(Date.parse(past.requestedPeriod?.[0]?.start ?? '')).to.equal(NOW);
    });

    it('takes an end with a time as that instant', async () => {
      const end = new Date(slotRow(5).startMs).toISOString();
      expect(startsOf(await find(at('end', end)))).to.deep.equal(
        starts((number) => slotRow(number).startMs < slotRow(5).startMs),
      );
    });

    for (const [title, parameter, test] of [
      ['a practitioner by id', [to('practitioner', 'Practitioner/gagnon')], isGagnon],
      [
        'a practitioner by identifier',
        [by('practitioner', 'urn:test:cmq', '10001')],
        (n: number) => !isGagnon(n),
      ],
      [
        'any of two practitioners',
        [to('practitioner', 'Practitioner/gagnon'), by('practitioner', 'urn:test:cmq', '10001')],
        () => true,
      ],
      [
        'a practitioner and a place, both',
        [to('practitioner', 'Practitioner/gagnon'), to('location-reference', 'Location/verdun')],
        isGagnon,
      ],
      [
        'a place that is another',
        [to('practitioner', 'Practitioner/gagnon'), to('location-reference', 'Location/x')],
        () => false,
      ],
      ['a part of the address', [text('location-string', 'imaginaire')], () => true],
      ['an address elsewhere', [text('location-string', 'Rimouski')], () => false],
      ['an organization', [to('organization', 'Organization/clinique')], () => true],
      ['a service', [text('visit-type', `${SYSTEM.service}|visite`)], () => true],
      ['a service of another system', [text('visit-type', 'http://snomed.info/sct|185389009')], () => false],
      ['a reason', [text('reason', `${SYSTEM.reason}|regular-follow-up`)], (n: number) => n % 3 === 0],
      [
        'a practitioner whose identifier is of a system that nobody knows',
        [by('practitioner', 'urn:x', '1')],
        () => false,
      ],
      [
        'a practitioner elsewhere',
        [to('practitioner', 'https://elsewhere.example/Practitioner/1')],
        () => false,
      ],
    ] as const) {
      it(`finds by ${title}`, async () => {
        const bundle = await find(...parameter);
        expect(startsOf(bundle)).to.deep.equal(starts(test));
        expect(bundle.total).to.equal(starts(test).length);
      });
    }

    it('never proposes held time, and proposes it again once the hold is given back', async () => {
      const proposal = await first();
      expect((await call('hold', [reference(proposal.id)])).status).to.equal(200);
      served.world.slots = served.world.slots.map((row) =>
        row.startMs === Date.parse(proposal.start ?? '') ? { ...row, status: 'busy-tentative' } : row,
      );
      const bundle = await find();
      expect(bundle.total).to.equal(11);
      expect(startsOf(bundle)).to.not.include(Date.parse(proposal.start ?? ''));
    });

    it('leaves out what is stale or not released, as every search does', async () => {
      served.world.stale.set('vendor', null).set('public', null);
      expect(await find()).to.include({ total: 0 });
    });

    it('honours _count, counts all, and pages to the end by links that name no patient', async () => {
      const { json } = await call('find', [patient, at('end', '2026-11-25')], '?_count=5');
      let bundle = json<Bundle>();
      const seen: number[] = [];
      for (;;) {
        expect(bundle.total).to.equal(12);
        expect(proposals(bundle).length).to.be.at.most(5);
        seen.push(...startsOf(bundle));
        const next = bundle.link?.find(({ relation }) => relation === 'next')?.url;
        for (const { url } of bundle.link ?? []) {
          const criteria = new URL(url).searchParams.get('_criteria') ?? '';
          expect(Buffer.from(criteria, 'base64url').toString()).to.not.match(/Fictif|Anne|0101|555/);
        }
        if (next === undefined) break;
        bundle = (await served.request('GET', next.slice(served.url.length))).json<Bundle>();
        expect(faultsOf(bundle)).to.deep.equal([]);
      }
      expect(seen).to.deep.equal(starts(() => true));
    });

    it('says so where nothing is found, and what it did not use', async () => {
      for (const [parameter, words] of [
        [[text('specialty', 'http://snomed.info/sct|394582007')], 'no appointment is free'],
        [[patient, patient], 'group appointments are not offered'],
        [[to('practitioner', 'Practitioner/nobody')], 'no appointment is free'],
      ] as const) {
        const bundle = await find(...parameter);
        expect(bundle.total).to.equal(0);
        expect(JSON.stringify(resourcesOf(bundle, 'outcome'))).to.contain(words);
      }
    });

    it('finds by the specialty of the service, and refuses one without its system', async () => {
      expect((await find(text('specialty', 'http://snomed.info/sct|419772000'))).total).to.equal(12);
      const several = ['394582007', '419772000'].map((code) =>
        text('specialty', `http://snomed.info/sct|${code}`),
      );
      expect((await find(...several)).total).to.equal(12);
      const { status } = await served.request('GET', '/fhir/Appointment/$find?specialty=419772000');
      expect(status).to.equal(400);
    });

    it('is called by GET with what fits there', async () => {
      const query = `start=2026-11-24&end=2026-11-24&location-string=imaginaire&visit-type=${SYSTEM.service}|visite`;
      const { status, json } = await served.request('GET', `/fhir/Appointment/$find?${encodeURI(query)}`);
      expect(status).to.equal(200);
      expect(json<Bundle>().total).to.equal(12);
    });

    for (const [title, parameter] of [
      ['a date that is none', [at('start', 'tomorrow')]],
      ['a prefix', [at('start', 'ge2026-11-24')]],
      ['an end before the start', [at('start', '2026-11-25'), at('end', '2026-11-23')]],
      ['a code without its system', [text('visit-type', 'visite')]],
      ['a system without its code', [text('reason', `${SYSTEM.reason}|`)]],
      ['an unknown parameter', [text('colour', 'red')]],
      ['two starts', [at('start', '2026-11-24'), at('start', '2026-11-25')]],
    ] as const) {
      it(`refuses ${title}`, async () => {
        const body = { resourceType: 'Parameters', parameter };
        const { status, json } = await served.request('POST', '/fhir/Appointment/$find', { body });
        expect(status).to.equal(400);
        expect(json<OperationOutcome>().issue[0]?.expression).to.have.length(1);
      });
    }
  });

  describe('$hold', () => {
    it('answers a Bundle with exactly one Appointment, pending', async () => {
      const { id, start } = await first();
      const { status, json } = await call('hold', [reference(id)]);
      expect(status).to.equal(200);
      const bundle = json<Bundle>();
      expect(bundle).to.include({ type: 'searchset', total: 1 });
      expect(bundle.entry).to.have.length(1);
      const [held] = proposals(bundle) as [Appointment];
      expect(held.status).to.equal('pending');
      expect(Date.parse(held.start ?? '')).to.equal(Date.parse(start ?? ''));
      expect(served.world.held.map(({ milliseconds }) => milliseconds)).to.deep.equal([5 * MINUTE]);
    });

    it('takes an absolute reference to this server', async () => {
      const { id } = await first();
      const { status } = await call('hold', [
        to('appointment-reference', `${served.url}/fhir/Appointment/${id}`),
      ]);
      expect(status).to.equal(200);
    });

    const refusals: [title: string, arrange: () => void, codes: string[]][] = [
      [
        'a slot that somebody took',
        () => {
          served.world.holdOutcome = { outcome: 'taken' };
        },
        ['not-found', 'conflict'],
      ],
      [
        'a slot that was withdrawn',
        () => {
          served.world.slots = [];
        },
        ['not-found', 'not-found'],
      ],
      [
        'a slot that was moved to another time',
        () => {
          served.world.slots = served.world.slots.map((row) => ({ ...row, startMs: row.startMs + HOUR }));
        },
        ['not-found', 'not-found'],
      ],
    ];
    for (const [title, arrange, codes] of refusals) {
      it(`refuses ${title} by an OperationOutcome alone, fatal and not-found first, then why`, async () => {
        const { id } = await first();
        arrange();
        const { status, json } = await call('hold', [reference(id)]);
        expect(status).to.equal(409);
        const outcome = json<OperationOutcome>();
        expect(outcome.resourceType).to.equal('OperationOutcome');
        expect(outcome.issue[0]).to.include({ severity: 'fatal', code: 'not-found' });
        expect(outcome.issue.map(({ code }) => code)).to.deep.equal(codes);
      });
    }

    it('refuses what was never proposed, and what is no reference', async () => {
      expect((await call('hold', [reference('nothing')])).status).to.equal(409);
      for (const parameter of [
        [],
        [to('appointment-reference', 'Slot/x')],
        [by('appointment-reference', 'a', 'b')],
      ]) {
        expect((await call('hold', parameter)).status).to.equal(400);
      }
    });
  });

  describe('$book', () => {
    const onlyOutcome = (bundle: Bundle) => {
      expect(bundle).to.include({ resourceType: 'Bundle', total: 0 });
      expect(bundle.entry).to.have.length(1);
      expect(bundle.entry?.[0]?.resource?.resourceType).to.equal('OperationOutcome');
      return bundle.entry?.[0]?.resource as OperationOutcome;
    };

    it('books what was proposed, for its patient', async () => {
      const { id, start } = await first();
      const { status, json } = await call('book', [
        reference(id),
        patient,
        text('comment', 'Fauteuil roulant'),
      ]);
      expect(status).to.equal(200);
      const bundle = json<Bundle>();
      expect(bundle).to.include({ type: 'searchset', total: 1 });
      const [booked] = proposals(bundle) as [Appointment];
      expect(booked.status).to.equal('booked');
      expect(Date.parse(booked.start ?? '')).to.equal(Date.parse(start ?? ''));
      const [command] = served.world.booked;
      expect(command).to.deep.include({ comment: 'Fauteuil roulant', holdId: null });
      expect(command?.patient).to.include({ family: 'Fictif', given: 'Anne Marie' });
    });

    it('books what was held, under its id', async () => {
      const { id } = await first();
      const [held] = proposals((await call('hold', [reference(id)])).json<Bundle>()) as [Appointment];
      served.world.slots = served.world.slots.map((row) =>
        row.id === held.slot?.[0]?.reference?.slice(5) ? { ...row, status: 'free' } : row,
      );
      const { status, text: said } = await call('book', [reference(held.id ?? ''), patient]);
      expect(status, said).to.equal(200);
      expect(served.world.booked[0]?.holdId).to.equal(held.id);
      expect(served.world.booked[0]?.patient?.family).to.equal('Fictif');
    });

    it('books a whole resource that is pending: a proposed one, or of any slot', async () => {
      const proposal = await first();
      const resource = { ...proposal, status: 'pending' as const };
      expect((await call('book', [{ name: 'appointment-resource', resource }, patient])).status).to.equal(
        200,
      );
      const ofSlot: Appointment = {
        resourceType: 'Appointment',
        status: 'pending',
        slot: [{ reference: `Slot/${uuid(7)}` }],
        start: new Date(slotRow(7).startMs).toISOString(),
        end: new Date(slotRow(7).startMs + 20 * MINUTE).toISOString(),
        participant: [{ actor: { reference: 'Location/verdun' }, status: 'accepted' }],
      };
      const { status, text: said } = await call('book', [
        { name: 'appointment-resource', resource: ofSlot },
        patient,
      ]);
      expect(status, said).to.equal(200);
      expect(served.world.booked).to.have.length(2);
    });

    it('cancels what is booked, and releases what is held', async () => {
      for (const name of ['book', 'hold']) {
        const { id } = await first();
        const [known] = proposals((await call(name, [reference(id)])).json<Bundle>()) as [Appointment];
        const resource = { ...known, status: 'cancelled' as const };
        const { status, json, text: said } = await call('book', [{ name: 'appointment-resource', resource }]);
        expect(status, said).to.equal(200);
        expect((proposals(json<Bundle>()) as [Appointment])[0].status).to.equal('cancelled');
        expect(served.world.cancelled).to.include(known.id);
      }
    });

    it('moves what is booked: status booked, another time, the same id', async () => {
      const [proposal, later] = proposals(await find(to('practitioner', 'Practitioner/gagnon')));
      const [known] = proposals(
        (
          await call('book', [reference(proposal?.id ?? ''), text('comment', 'Fauteuil roulant')])
        ).json<Bundle>(),
      ) as [Appointment];
      const slot = [{ reference: `Slot/${later?.id?.slice(2, 38)}` }];
      const resource: Appointment = { ...known, slot, start: later?.start ?? '', end: later?.end ?? '' };
      const parameter = [{ name: 'appointment-resource', resource }];
      const { status, json, text: said } = await call('book', parameter);
      expect(status, said).to.equal(200);
      const [moved] = proposals(json<Bundle>()) as [Appointment];
      expect(moved).to.deep.include({ id: known.id, status: 'booked', comment: 'Fauteuil roulant', slot });
      expect(Date.parse(moved.start ?? '')).to.equal(Date.parse(later?.start ?? ''));
      // The same again is so already.
      expect((await call('book', parameter)).status).to.equal(200);
      expect(served.world.moved).to.have.length(1);
      served.world.moveOutcome = { outcome: 'taken' };
      const back = { ...moved, slot: known.slot ?? [], start: known.start ?? '', end: known.end ?? '' };
      const refused = await call('book', [{ name: 'appointment-resource', resource: back }]);
      expect(refused.status).to.equal(409);
      expect(onlyOutcome(refused.json<Bundle>()).issue[0]?.code).to.equal('conflict');
    });

    it('refuses what was taken by a Bundle with only an OperationOutcome', async () => {
      const { id } = await first();
      served.world.bookOutcome = { outcome: 'taken' };
      const { status, json } = await call('book', [reference(id), patient]);
      expect(status).to.equal(409);
      expect(onlyOutcome(json<Bundle>()).issue[0]?.code).to.equal('conflict');
      served.world.slots = [];
      const gone = await call('book', [reference(id), patient]);
      expect(gone.status).to.equal(409);
      expect(onlyOutcome(gone.json<Bundle>()).issue[0]?.code).to.equal('not-found');
    });

    const resource: Appointment = {
      resourceType: 'Appointment',
      status: 'pending',
      participant: [{ actor: { reference: 'Location/verdun' }, status: 'accepted' }],
    };
    const whole = { name: 'appointment-resource', resource };
    for (const [title, parameter, status] of [
      ['neither a reference nor a resource', [patient], 400],
      ['both', [reference('x'), whole], 400],
      ['two patients', [reference(`p-${uuid(1)}-${slotRow(1).startMs.toString(36)}`), patient, patient], 400],
      ['a resource without a slot', [whole], 422],
      [
        'a patient without a name',
        [
          reference(`p-${uuid(1)}-${slotRow(1).startMs.toString(36)}`),
          { name: 'patient-resource', resource: { resourceType: 'Patient' } },
        ],
        422,
      ],
    ] as const) {
      it(`refuses ${title}, and books nothing`, async () => {
        const body = { resourceType: 'Parameters', parameter };
        const answer = await served.request('POST', '/fhir/Appointment/$book', { body });
        expect(answer.status, answer.text).to.equal(status);
        onlyOutcome(answer.json<Bundle>());
        expect(served.world.booked).to.deep.equal([]);
      });
    }
  });

  it('searches appointments by patient, and by patient and date, where patients are kept', async () => {
    served.world.keepsPatients = true;
    const { id, start } = await first();
    const [booked] = proposals((await call('book', [reference(id), patient])).json<Bundle>());
    const kept = booked?.participant.map(({ actor }) => actor?.reference ?? '') ?? [];
    const reached = kept.find((each) => each.startsWith('Patient/'));
    const idsBy = async (query: string) => {
      const answer = await served.request('GET', `/fhir/Appointment?patient=${reached}${query}`);
      return proposals(answer.json<Bundle>()).map((each) => each.id);
    };
    expect(await idsBy('')).to.deep.equal([booked?.id]);
    expect(await idsBy(`&date=${start?.slice(0, 10)}`)).to.deep.equal([booked?.id]);
    expect(await idsBy('&date=2026-12-24')).to.deep.equal([]);
    // And books for who is kept, in the resource itself.
    const { id: next, ...other } = await first();
    const participant = [...(other.participant ?? []), { actor: { reference: reached }, status: 'accepted' }];
    const resource = { ...other, id: next, status: 'pending', participant };
    const again = await call('book', [{ name: 'appointment-resource', resource }]);
    expect(again.status, again.text).to.equal(200);
    expect(served.world.booked.at(-1)).to.deep.include({ patientId: reached?.slice('Patient/'.length) });
    expect(await idsBy('')).to.have.length(2);
  });

  it('reads what was proposed while it is', async () => {
    const { id } = await first();
    const { json } = await served.request('GET', `/fhir/Appointment/${id}`);
    expect(json<Appointment>()).to.include({ id, status: 'proposed' });
    served.world.slots = served.world.slots.map((row) => ({ ...row, status: 'busy' }));
    expect((await served.request('GET', `/fhir/Appointment/${id}`)).status).to.equal(404);
  });

  it('takes no other method than the text says', async () => {
    for (const name of ['hold', 'book']) {
      expect((await served.request('GET', `/fhir/Appointment/$${name}`)).status).to.equal(405);
    }
  });
});
