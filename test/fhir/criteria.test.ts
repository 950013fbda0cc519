import { expect } from 'chai';
import fc from 'fast-check';
import type { Bundle } from 'fhir/r4.js';
import { documents } from '../../mappings/fhir/documents.ts';
import { ADMINISTRATOR } from '../../src/domain/access.ts';
import { MINUTE, plus } from '../../src/domain/instant.ts';
import type { CriteriaReader } from '../../src/fhir/criteria.ts';
import { createFront, type FrontDependencies } from '../../src/fhir/front.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, directory, entries, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { fakePorts, NOW } from '../support/fake-ports.ts';
import { CLEAN } from '../support/told-clinic.ts';

const BASE = 'http://here/fhir';
const DOCUMENTS = documents(directory);
const NUMBERS = Array.from({ length: 24 }, (_, index) => index + 1);
const APPOINTMENTS = NUMBERS.filter((n) => n % 4 === 1);

/** Slots of two schedules and two platforms: free, booked, held and blocked ones. */
async function fill(store: ReturnType<typeof createStore>): Promise<void> {
  await store.applyDirectory(entries(), []);
  await store.transaction(async (on) => {
    const kinds = ['appointment', 'hold', 'block'] as const;
    const taken = NUMBERS.flatMap((n) => {
      const kind = kinds[(n % 4) - 1];
      return kind === undefined
        ? []
        : [busy(n, span(n * 20, n * 20 + 20), { kind, lane: kind === 'block' ? null : 0 })];
    });
    const appointments = taken
      .filter(({ kind }) => kind === 'appointment')
      .map((period, index) => ({
        id: period.id,
        scheduleId: period.scheduleId,
        slotId: null,
        status: index % 2 === 0 ? ('booked' as const) : ('cancelled' as const),
        document: DOCUMENTS.appointment(period, { slotId: null, comment: null }),
        sealedPatient: null,
      }));
    await on.apply({ ...NO_CHANGES, busy: taken, appointments }, at(-60));
    await on.writeSlots(
      NUMBERS.map((n) => {
        const made = slot(n, span(n * 20, n * 20 + 20), {
          ...(n % 3 === 0 ? { connectionId: 'west', calendar: 'w-doctor' } : {}),
          ...(n % 5 === 0 ? { calendar: 'e-walk-in', scheduleId: 'walk-in-here', connectionId: 'east' } : {}),
        });
        return { ...made, document: DOCUMENTS.slot(made) };
      }),
      at(-50),
    );
  });
}

const time = fc.integer({ min: -1, max: 26 }).map((n) => new Date(at(n * 20)).toISOString());
const someOf = (...values: string[]) =>
  fc.subarray(values, { minLength: 1 }).map((chosen) => chosen.join(','));
const parameter = (name: string, value: fc.Arbitrary<string>) =>
  value.map((text): readonly [string, string] => [name, text]);

const SLOT = fc.oneof(
  parameter(
    'schedule',
    someOf('doctor-here', 'Schedule/walk-in-here', `${BASE}/Schedule/doctor-here`, 'none'),
  ),
  parameter('status', someOf('free', 'busy', 'busy-unavailable', 'busy-tentative')),
  parameter(
    'start',
    fc.tuple(fc.constantFrom('ge', 'lt', 'gt', 'le', 'eq', ''), time).map((parts) => parts.join('')),
  ),
  parameter('status:not', someOf('free', 'busy')),
  parameter('schedule.actor:Practitioner.name', someOf('doctor', 'walk', 'nobody')),
  parameter('_lastUpdated', fc.constantFrom('ge2026', 'lt2026')),
  parameter('stale', fc.constantFrom('include', 'exclude')),
  parameter(
    '_id',
    fc.subarray([...NUMBERS.map(uuid), 'x'], { minLength: 1, maxLength: 9 }).map((ids) => ids.join(',')),
  ),
);
const APPOINTMENT = fc.oneof(
  parameter('status', someOf('booked', 'cancelled', 'pending')),
  parameter('practitioner', someOf('doctor', 'walk-in')),
  parameter('actor', someOf('Practitioner/doctor', 'Location/here', 'Location/there')),
  parameter(
    'date',
    fc.tuple(fc.constantFrom('ge', 'lt'), time).map((parts) => parts.join('')),
  ),
);
const search = fc.oneof(
  fc.record({ type: fc.constant('Slot' as const), parameters: fc.array(SLOT, { maxLength: 3 }) }),
  fc.record({
    type: fc.constant('Appointment' as const),
    parameters: fc.array(APPOINTMENT, { maxLength: 3 }),
  }),
);

describe('criteria', () => {
  onEachDatabase((open) => {
    let dependencies: FrontDependencies;
    let criteria: CriteriaReader;
    before(async () => {
      await open().script(CLEAN);
      const store = createStore(open());
      await fill(store);
      const fakes = fakePorts();
      // One platform is stale, and what is far ahead is not released yet.
      fakes.world.stale.set('west', null);
      fakes.world.releasedUntil = plus(at(0), 400 * MINUTE);
      dependencies = { ...fakes, directory, reader: store, versions: store };
      ({ criteria } = createFront(dependencies));
    });

    const found = async (type: string, parameters: readonly (readonly [string, string])[]) => {
      const resource = createFront(dependencies).resources.find((each) => each.type === type);
      const context = {
        base: BASE,
        zone: 'America/Toronto',
        language: 'fr' as const,
        caller: ADMINISTRATOR,
        now: NOW,
      };
      const answer = await resource?.search({
        parameters: [...parameters, ['_count', '1000']],
        context,
        strict: true,
      });
      const bundle = JSON.parse(answer?.text ?? '{}') as Bundle;
      return new Map(
        (bundle.entry ?? []).flatMap(({ resource: one, search: how }) =>
          one?.id !== undefined && how?.mode === 'match' ? [[one.id, one]] : [],
        ),
      );
    };

    it('match what their search finds, as it finds it, and nothing else', async () => {
      await fc.assert(
        fc.asyncProperty(
          search,
          fc.subarray([...NUMBERS.map(uuid), uuid(99)], { minLength: 1 }),
          async ({ type, parameters }, ids) => {
            const text = `${type}?${new URLSearchParams(parameters.map(([...pair]) => pair))}`;
            expect(await criteria.check(text, BASE, ADMINISTRATOR)).to.deep.equal({ type });
            const all = await found(type, parameters);
            const wanted = [...all].filter(([id]) => ids.includes(id));
            const matched = await criteria.match(text, BASE, ids);
            expect(
              [...(matched ?? [])].map(([id, { text: resource }]) => [id, JSON.parse(resource)]),
            ).to.have.deep.members(wanted);
            for (const [id, { version }] of matched ?? []) {
              expect(String(version)).to.equal(all.get(id)?.meta?.versionId);
            }
          },
        ),
        { numRuns: 60, seed: 17 },
      );
    });

    it('find all kinds of what there is', async () => {
      expect((await found('Slot', [])).size).to.equal(NUMBERS.length);
      expect((await found('Appointment', [])).size).to.equal(APPOINTMENTS.length);
      for (const status of ['free', 'busy', 'busy-unavailable', 'busy-tentative']) {
        expect((await found('Slot', [['status', status]])).size, status).to.be.greaterThan(0);
      }
    });

    it('that are refused match nothing: null says so', async () => {
      for (const text of ['Slot?start=soon', 'Slot?nothing=x', 'Patient', '', 'Slot?_sort=start']) {
        const checked = await criteria.check(text, BASE, ADMINISTRATOR);
        expect(checked, text).to.have.property('refused').that.is.not.empty;
      }
      expect(await criteria.match('Slot?start=soon', BASE, [uuid(1)])).to.equal(null);
      expect(await criteria.match('Patient', BASE, [uuid(1)])).to.equal(null);
    });
  });
});
