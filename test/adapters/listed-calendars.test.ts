import { expect } from 'chai';
import { z } from 'zod';
import { simulator as bonjourSante } from '../../adapters/bonjour-sante/conformance.ts';
import { simulator as calCom } from '../../adapters/cal-com/conformance.ts';
import { calendarsOn as caldavCalendars } from '../../adapters/caldav/home.ts';
import { simulator as easyAppointments } from '../../adapters/easy-appointments/conformance.ts';
import type { Client as FhirClient } from '../../adapters/fhir-r4/client.ts';
import { calendarsOn as fhirCalendars } from '../../adapters/fhir-r4/listed.ts';
import googleTargets from '../../adapters/google-calendar/conformance.ts';
import { simulator as openmrs } from '../../adapters/openmrs-appointments/conformance.ts';
import { simulator as oscar } from '../../adapters/oscar/conformance.ts';
import { simulator as rvsq } from '../../adapters/rvsq/conformance.ts';
import { publisherTarget } from '../../adapters/smart-scheduling-links/conformance.ts';
import type { FoundCalendars } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { foundCalendars, words } from '../../src/adapter/found-calendars.ts';
import type { Http, HttpRequest } from '../../src/adapter/http.ts';
import { always, graded } from '../../src/conformance/case.ts';
import { simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { stagePlatform } from '../../src/conformance/staging.ts';
import { runCase } from '../../src/conformance/suite.ts';
import type { PlatformTarget } from '../../src/conformance/target.ts';

/** Whose calendars a platform says they are. That they are all there, by their ids, the suite says. */

const signal = AbortSignal.timeout(60_000);

/** By the adapter as it is, on what the suite runs it on. */
async function listedAt(target: PlatformTarget): Promise<FoundCalendars & { readonly calendar: string }> {
  let listed: FoundCalendars | undefined;
  let calendar = '';
  const [once] = graded('bronze', [
    {
      ...{ id: 'listed', title: 'lists its calendars', applies: always },
      run: async (context) => {
        calendar = context.calendar;
        listed = await context.connect().calendars?.(signal);
      },
    },
  ]);
  const staging = stagePlatform(target);
  try {
    if (once) await runCase(once, target, staging);
  } finally {
    await staging.close();
  }
  if (!listed) throw new Error('it lists nothing');
  return { ...listed, calendar };
}

const PLACE = 'Clinique fictive du Vieux-Moulin';

describe('the calendars of a platform', () => {
  const cases: readonly (readonly [PlatformTarget, said: object, complete: boolean])[] = [
    [simulatorTarget(rvsq), { practitionerName: 'Alex Tremblay' }, true],
    [simulatorTarget(bonjourSante), { practitionerName: 'Dr Alex Tremblay', name: null }, true],
    [simulatorTarget(easyAppointments), { practitionerName: 'Dr Alex Tremblay' }, true],
    [simulatorTarget(openmrs), { practitionerName: 'Alex Tremblay' }, true],
    [simulatorTarget(oscar), { practitionerName: 'Alex Tremblay' }, true],
    [simulatorTarget(calCom), { practitionerName: 'Alex Tremblay' }, true],
    // What was shared and not added is in no list of Google's.
    ...googleTargets.map(
      (each) => [each, { name: 'Dr Alex Tremblay', practitionerName: null }, false] as const,
    ),
    [publisherTarget('2021'), { practitionerName: null, location: PLACE }, true],
    [publisherTarget('2026'), { practitionerName: 'Dr Alex Tremblay', location: PLACE }, true],
  ];
  for (const [target, said, complete] of cases) {
    it(`are named by ${target.adapter.manifest.id} on ${target.name}, the other doctor’s too`, async () => {
      const listed = await listedAt(target);
      expect(listed.found.find(({ id }) => id === listed.calendar)).to.include(said);
      expect(listed.found, 'page after page').to.have.length(2);
      expect(listed.complete).to.equal(complete);
    });
  }
});

describe('the schedules of a FHIR server', () => {
  const schedule = (id: string, actor: object[], more: object = {}) => ({
    ...{ resourceType: 'Schedule', id, actor, ...more },
  });
  const clientOf = (
    pages: readonly { readonly resources: readonly unknown[]; readonly included: readonly unknown[] }[],
    asked: unknown[] = [],
    refuses = false,
  ): FhirClient =>
    ({
      search: async function* (_type: string, parameters: readonly unknown[]) {
        asked.push(parameters);
        if (refuses && parameters.length > 0) throw new Fault('malformed', 'unexpected HTTP 400');
        for (const page of pages) yield { ...page, date: null };
      },
    }) as unknown as FhirClient;

  const PERSON = {
    resourceType: 'Practitioner',
    id: 'p',
    name: [{ family: 'Fictif', given: ['Jean', 'Luc'] }],
    identifier: [{ system: 'urn:oid:1.2', value: '12345' }, { value: 'without a system' }],
  };
  const ROOM = { resourceType: 'Location', id: 'l', name: 'Salle fictive' };

  it('are called by what they are of, on whatever page that came', async () => {
    const of = schedule('a', [
      { reference: 'Location/l' },
      { reference: 'http://x.test/fhir/Practitioner/p' },
    ]);
    const { found, complete } = await fhirCalendars(
      clientOf([
        { resources: [of], included: [PERSON] },
        {
          resources: [schedule('b', [{ reference: 'Location/l', display: 'A room' }])],
          included: [ROOM, 12],
        },
      ]),
      signal,
    );
    expect(complete).to.equal(true);
    const identifiers = [{ system: 'urn:oid:1.2', value: '12345' }];
    expect(found).to.deep.equal([
      { id: 'a', name: null, practitionerName: 'Jean Luc Fictif', identifiers, location: 'Salle fictive' },
      { id: 'b', name: null, practitionerName: null, identifiers: [], location: 'Salle fictive' },
    ]);
  });

  it('are called as the reference does where a server includes nothing, or refuses to', async () => {
    const asked: unknown[] = [];
    const of = schedule('a', [{ reference: 'PractitionerRole/r', display: 'Dre Fictive' }]);
    const pages = [{ resources: [of], included: [] }];
    const { found } = await fhirCalendars(clientOf(pages, asked, true), signal);
    expect(found[0]).to.include({ practitionerName: 'Dre Fictive', location: null });
    expect(asked).to.deep.equal([[['_include', 'Schedule:actor']], []]);
  });

  it('are left out where they are in use no more; one that cannot be read leaves the list open', async () => {
    const pages = [
      { resources: [schedule('old', [], { active: false }), { resourceType: 'Schedule' }], included: [] },
    ];
    expect(await fhirCalendars(clientOf(pages), signal)).to.deep.equal({ found: [], complete: false });
  });
});

describe('the calendars of a CalDAV home', () => {
  const answer = (href: string, props: string) =>
    `<d:response><d:href>${href}</d:href><d:propstat><d:prop>${props}</d:prop>` +
    '<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>';
  const calendar = (href: string, name: string, components: readonly string[] | null) =>
    answer(
      href,
      `<d:resourcetype><d:collection/><c:calendar/></d:resourcetype><d:displayname>${name}</d:displayname>` +
        (components === null
          ? ''
          : `<c:supported-calendar-component-set>${components.map((each) => `<c:comp name="${each}"/>`).join('')}</c:supported-calendar-component-set>`),
    );
  const answers: Readonly<Record<string, string>> = {
    '/dav/': answer(
      '/dav/',
      '<d:current-user-principal><d:href>/p/clinique/</d:href></d:current-user-principal>',
    ),
    '/p/clinique/': answer(
      '/p/clinique/',
      '<c:calendar-home-set><d:href>/cal/a/</d:href><d:href>/cal/b/</d:href></c:calendar-home-set>',
    ),
    '/cal/a/':
      answer('/cal/a/', '<d:resourcetype><d:collection/></d:resourcetype>') +
      calendar('/cal/a/cote%20alice/', 'Dre Alice Fictive', ['VEVENT', 'VTODO']) +
      calendar('/cal/a/taches/', 'Tâches', ['VTODO']) +
      calendar('/cal/a/un/', '', ['VEVENT']) +
      answer('/cal/a/contacts/', '<d:resourcetype><d:collection/></d:resourcetype>'),
    '/cal/b/':
      calendar('https://dav.test/cal/b/tout/', 'Tout', null) + calendar('https://other.test/x/', 'X', null),
  };
  const serverWith = (found: Readonly<Record<string, string>>) => ({
    url: 'https://dav.test/dav/',
    http: {
      request: async ({ path }: HttpRequest) => ({
        status: 207,
        headers: {},
        text: `<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">${found[path] ?? ''}</d:multistatus>`,
      }),
    } as unknown as Http,
  });

  it('are found by way of the principal, in each of its homes, where events go', async () => {
    const { found, complete } = await caldavCalendars(serverWith(answers), signal);
    expect(found.map(({ id, name }) => [id, name])).to.deep.equal([
      ['/cal/a/cote%20alice/', 'Dre Alice Fictive'],
      ['/cal/a/un/', null],
      ['/cal/b/tout/', 'Tout'],
    ]);
    expect(complete, 'others may share some').to.equal(false);
  });

  it('are a fault, and not none, where nobody says where the home is', async () => {
    const fault = await caldavCalendars(serverWith({ '/dav/': answers['/dav/'] ?? '' }), signal).catch(
      (error: unknown) => error,
    );
    expect(fault).to.be.instanceOf(Fault).and.to.have.property('kind', 'malformed');
  });
});

describe('a list of calendars', () => {
  const Row = z.object({ id: z.string() });

  it('says that there may be more where a row cannot be read, or there are more than anybody links', () => {
    const named = ({ id }: z.output<typeof Row>) => ({ id, name: ' ' });
    const listed = foundCalendars([{ id: 'a' }, 12, { id: 'a' }], Row, named);
    expect(listed).to.deep.equal({
      found: [{ id: 'a', name: null, practitionerName: null, identifiers: [], location: null }],
      complete: false,
    });
    const many = Array.from({ length: 2_001 }, (_, index) => ({ id: String(index) }));
    const cut = foundCalendars(many, Row, named);
    expect([cut.found.length, cut.complete]).to.deep.equal([2_000, false]);
    expect(foundCalendars(many.slice(1), Row, named).complete).to.equal(true);
  });

  it('puts the parts of a name together', () => {
    expect([words(' Dre ', null, '', 'Fictive'), words(undefined, ' ')]).to.deep.equal(['Dre Fictive', null]);
  });
});
