import { expect } from 'chai';
import fc from 'fast-check';
import agenda from '../../adapters/agenda/adapter.ts';
import type { OperationName } from '../../src/adapter/contract.ts';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration, readConfiguration } from '../../src/config/read-configuration.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { DEFAULT_POLICY } from '../../src/domain/schedule.ts';
import { SEED } from '../domain/arbitraries.ts';
import { createLoader } from '../support/loader.ts';
import { ADAPTERS, SAMPLE, VARIABLES } from './sample.ts';

const parse = (text: string, variables: Record<string, string> = VARIABLES, adapters = ADAPTERS) =>
  parseConfiguration(text, 'clinic.yaml', adapters, variables);

/** What is wrong with the sample once `from` is replaced by `to`, as people read it. */
function problemsOf(
  from: string | RegExp,
  to: string,
  variables: Record<string, string> = VARIABLES,
): string[] {
  const text = SAMPLE.replace(from, to);
  expect(text, 'the sample was changed').not.to.equal(SAMPLE);
  return problemsIn(text, variables);
}

function problemsIn(
  text: string,
  variables: Record<string, string> = VARIABLES,
  adapters = ADAPTERS,
): string[] {
  try {
    parse(text, variables, adapters);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.format().split('\n');
    throw error;
  }
  return expect.fail('the configuration was accepted');
}

const SHARES = { east: 2, west: 1 };
const BOTH = 'east: 2, west: 1';

/** The sample, its one schedule under these rules. */
const withPolicy = (policy: string): string =>
  SAMPLE.replace('    service: consultation\n', `    service: consultation\n    policy: ${policy}\n`);

/** East does as little as this. */
function withEast(operations: readonly OperationName[]): typeof ADAPTERS {
  const east = ADAPTERS.get('east');
  if (!east) throw new Error('the sample has no east');
  const capabilities = { ...east.manifest.capabilities, operations };
  return new Map([...ADAPTERS, ['east', { ...east, manifest: { ...east.manifest, capabilities } }]]);
}

/** Every number of milliseconds in it, by its path. */
function durationsIn(value: unknown, path = ''): Record<string, number> {
  if (typeof value === 'number' && /milliseconds[^.]*$/i.test(path)) return { [path]: value };
  if (typeof value !== 'object' || value === null) return {};
  const inside = Object.entries(value).map(([key, item]) => durationsIn(item, `${path}.${key}`));
  return Object.assign({}, ...inside);
}

describe('configuration', () => {
  describe('when it is right', () => {
    it('says where each connection may call besides public addresses: nowhere, if it says nothing', () => {
      const allowing = SAMPLE.replace(
        'platform: east',
        'platform: east\n    allowedTargets: [10.0.0.0/8, ici]',
      );
      expect(parse(allowing).connections.map(({ id, allowedTargets }) => [id, allowedTargets])).to.deep.equal(
        [
          ['east', ['10.0.0.0/8', 'ici']],
          ['west', []],
        ],
      );
      expect(problemsIn(SAMPLE.replace('platform: west', 'platform: west\n    allowedTargets: [http://a]')))
        .to.have.length(1)
        .and.to.match(/clinic\.yaml:\d+:\d+ connections\[1\]\.allowedTargets\[0\]: must be a host name/);
    });

    it('becomes the directory, with the defaults filled in', () => {
      const { directory } = parse(SAMPLE);
      expect(directory.locations).to.deep.equal([
        {
          id: 'parc',
          organizationId: 'parc',
          name: 'Clinique du Parc',
          timeZone: 'America/Toronto',
          address: null,
          phone: null,
          position: null,
        },
      ]);
      expect(directory.practitioners[0]).to.deep.equal({
        id: 'dr-tremblay',
        family: 'Tremblay',
        given: 'Alex',
        prefix: 'Dr',
        identifiers: [],
      });
      expect(directory.schedules).to.deep.equal([
        {
          id: 'tremblay',
          practitionerId: 'dr-tremblay',
          locationId: 'parc',
          serviceId: 'consultation',
          capacity: 1,
          policy: DEFAULT_POLICY,
        },
      ]);
      expect(directory.connections).to.deep.equal([
        {
          id: 'east',
          platform: 'east',
          title: { fr: 'Plateforme east', en: 'Platform east' },
          pollMilliseconds: 30 * SECOND,
          freshnessMilliseconds: 10 * MINUTE,
          horizonMilliseconds: 28 * DAY,
          isEditedHere: false,
          asksPeople: false,
          isListed: false,
          suspect: { share: 0.5, atLeast: 20 },
        },
        {
          id: 'west',
          platform: 'west',
          title: { fr: 'Ouest', en: 'West' },
          pollMilliseconds: 20 * SECOND,
          freshnessMilliseconds: 2 * MINUTE,
          horizonMilliseconds: 14 * DAY,
          isEditedHere: false,
          asksPeople: false,
          isListed: false,
          suspect: { share: 0.8, atLeast: 20 },
        },
      ]);
      expect(directory.calendars).to.deep.equal([
        { connectionId: 'east', externalId: '4711', scheduleId: 'tremblay', topology: 'block' },
        { connectionId: 'west', externalId: 'tremblay', scheduleId: 'tremblay', topology: 'publish' },
      ]);
    });

    it('gives each connection its adapter and its settings, secrets and defaults included', () => {
      const { connections } = parse(SAMPLE);
      expect(connections.map(({ id, adapter }) => [id, adapter.manifest.id])).to.deep.equal([
        ['east', 'east'],
        ['west', 'west'],
      ]);
      expect(connections[0]?.settings).to.deep.equal({
        url: 'https://east.example',
        token: 'not-so-secret',
        retries: 2,
        regions: [],
      });
    });

    it('takes the rules of a schedule', () => {
      const text = withPolicy('{ cancellation: { untilHoursBefore: 1.5 } }');
      expect(parse(text).directory.schedules[0]?.policy).to.deep.equal({
        ...DEFAULT_POLICY,
        cancellation: { untilMillisecondsBefore: 90 * MINUTE },
      });
    });

    it('takes a freshness of the schedule’s own', () => {
      expect(parse(withPolicy('{ freshnessMinutes: 1 }')).directory.schedules[0]?.policy).to.deep.equal({
        ...DEFAULT_POLICY,
        freshnessMilliseconds: MINUTE,
      });
    });

    it('takes the three ways of sharing', () => {
      const sharing = (written: string) =>
        parse(withPolicy(`{ sharing: ${written} }`)).directory.schedules[0]?.policy.sharing;
      expect(sharing('shared')).to.deep.equal({ mode: 'shared' });
      expect(sharing('hold-first')).to.deep.equal({ mode: 'hold-first' });
      const allotted = { mode: 'allotted', unitMinutes: 60, pooledMillisecondsBefore: DAY };
      expect(sharing(`{ mode: allotted, shares: { ${BOTH} }, pooledHoursBefore: 24 }`)).to.deep.equal({
        ...allotted,
        shares: SHARES,
      });
      expect(
        sharing(`{ mode: allotted, shares: { ${BOTH} }, pooledHoursBefore: 24, unitMinutes: 240 }`),
      ).to.deep.equal({ ...allotted, shares: SHARES, unitMinutes: 240 });
    });

    it('takes the three forms of release', () => {
      const release = (written: string) =>
        parse(withPolicy(`{ release: ${written} }`)).directory.schedules[0]?.policy.release;
      expect(release('always')).to.deep.equal({ kind: 'always' });
      expect(release('{ hoursBefore: 48 }')).to.deep.equal({ kind: 'before', milliseconds: 2 * DAY });
      expect(release('{ atMidnight: { daysBefore: 0 } }')).to.deep.equal({ kind: 'midnight', daysBefore: 0 });
    });

    it('takes failover as a word, or with its limits', () => {
      const failover = (written: string) =>
        parse(withPolicy(`{ failover: ${written} }`)).directory.schedules[0]?.policy.failover;
      expect(failover('refuse')).to.deep.equal({ mode: 'refuse' });
      const always = { mode: 'accept', forMilliseconds: null, untilMillisecondsBefore: 0 };
      expect(failover('accept')).to.deep.equal(always);
      expect(failover('{ mode: accept }')).to.deep.equal(always);
      expect(failover('{ mode: accept, forHours: 96, untilHoursBefore: 2 }')).to.deep.equal({
        mode: 'accept',
        forMilliseconds: 4 * DAY,
        untilMillisecondsBefore: 2 * HOUR,
      });
    });

    it('takes how long a slot may be held', () => {
      const holds = (written: string) =>
        parse(withPolicy(`{ holds: ${written} }`)).directory.schedules[0]?.policy.holds;
      const minutes = (usual: number, most: number) => ({
        usualMilliseconds: usual * MINUTE,
        mostMilliseconds: most * MINUTE,
      });
      expect(holds('{}')).to.deep.equal(minutes(5, 30));
      expect(holds('{ minutes: 10 }')).to.deep.equal(minutes(10, 30));
      expect(holds('{ maxMinutes: 3 }')).to.deep.equal(minutes(3, 3));
      expect(holds('{ minutes: 2, maxMinutes: 60 }')).to.deep.equal(minutes(2, 60));
    });

    it('makes whole milliseconds of every duration, whatever its fraction', () => {
      const some = (min: number, max: number) => fc.double({ min, max, noNaN: true });
      const policy = fc.oneof(
        some(0, 8_760).map((hours) => `{ cancellation: { untilHoursBefore: ${hours} } }`),
        fc
          .tuple(some(Number.MIN_VALUE, 8_760), some(0, 8_760))
          .map(
            ([most, until]) =>
              `{ failover: { mode: accept, forHours: ${most}, untilHoursBefore: ${until} } }`,
          ),
        some(Number.MIN_VALUE, 336).map((hours) => `{ release: { hoursBefore: ${hours} } }`),
        some(0, 335).map(
          (hours) => `{ sharing: { mode: allotted, shares: { ${BOTH} }, pooledHoursBefore: ${hours} } }`,
        ),
        some(1, 10).map((minutes) => `{ freshnessMinutes: ${minutes} }`),
        some(Number.MIN_VALUE, 60).map((minutes) => `{ holds: { maxMinutes: ${minutes} } }`),
        some(Number.MIN_VALUE, 30).map((minutes) => `{ holds: { minutes: ${minutes} } }`),
      );
      const numbers = fc.record({ policy, poll: some(1, 30), fresh: some(10, 10_080), days: some(14, 366) });
      fc.assert(
        fc.property(numbers, ({ policy, poll, fresh, days }) => {
          const text = withPolicy(policy)
            .replace('pollSeconds: 20', `pollSeconds: ${poll}`)
            .replace('freshnessMinutes: 2\n', `freshnessMinutes: ${fresh}\n`)
            .replace('horizonDays: 14', `horizonDays: ${days}`);
          const { schedules, connections } = parse(text).directory;
          const read = durationsIn({ schedules, connections });
          expect(Object.keys(read)).to.have.length.within(9, 11);
          for (const [key, value] of Object.entries(read))
            expect(Number.isInteger(value), `${key} is ${value}`).to.equal(true);
        }),
        { seed: SEED, numRuns: 500 },
      );
    });

    it('rounds a duration, and leaves more than nothing of what is more than nothing', () => {
      const { policy } = parse(withPolicy('{ holds: { minutes: 1e-9, maxMinutes: 2.33333 } }')).directory
        .schedules[0] ?? { policy: DEFAULT_POLICY };
      expect(policy.holds).to.deep.equal({ usualMilliseconds: 1, mostMilliseconds: 140_000 });
    });

    it('takes anchors and aliases', () => {
      const text = SAMPLE.replace(
        'name: { fr: Consultation, en: Consultation }',
        'name: &n { fr: C, en: C }',
      ).replace('title: { fr: Ouest, en: West }', 'title: *n');
      expect(parse(text).directory.connections[1]?.title).to.deep.equal({ fr: 'C', en: 'C' });
    });
  });

  describe('names file, line, column and path of', () => {
    it('what is nested without measure', () => {
      expect(problemsIn(`${'- '.repeat(12_000)}\nx: 1\n`)).to.deep.equal([
        'clinic.yaml:1:1 is nested far too deeply to be read',
      ]);
    });

    it('an alias of nothing, in itself, or of far too much', () => {
      expect(problemsIn(`${SAMPLE}x: *nothing\n`)).to.deep.equal([
        'clinic.yaml:30:4 *nothing is an alias of nothing: no &nothing stands before it',
      ]);
      expect(problemsIn(`${SAMPLE}x: &x { y: *x }\n`)).to.deep.equal([
        'clinic.yaml:30:12 *x stands in what it is an alias of',
      ]);
      const nine = (name: string) => Array.from({ length: 9 }, () => `*${name}`).join(',');
      const laughs = ['b', 'c', 'd', 'e'].map((name, n) => `${name}: &${name} [${nine('abcd'.charAt(n))}]`);
      expect(problemsIn(['a: &a [1]', ...laughs].join('\n'))).to.deep.equal([
        'clinic.yaml:1:1 its aliases (*name) make it far too large: write it out',
      ]);
    });

    it('a key that is misspelt', () => {
      expect(problemsOf('pollSeconds', 'pollSecond')).to.deep.equal([
        'clinic.yaml:23:5 connections[1].pollSecond: unknown key; did you mean "pollSeconds"?',
      ]);
    });

    it('a key that is nothing like another', () => {
      expect(problemsIn(`${SAMPLE}zzz: 1\n`)).to.deep.equal([
        'clinic.yaml:30:1 zzz: unknown key; there is access, adapters, connections, locations, mail, organization, organizations, patients, practitioners, schedules, server, services, subscriptions',
      ]);
    });

    it('a value that is missing, with what to write', () => {
      expect(problemsOf('    practitioner: dr-tremblay\n', '')).to.deep.equal([
        'clinic.yaml:9:5 schedules[0].practitioner: is missing: write id of the practitioner, as in "practitioner: dr-tremblay"',
      ]);
    });

    it('a key with nothing behind it', () => {
      expect(problemsOf('service: consultation', 'service:')).to.deep.equal([
        'clinic.yaml:12:5 schedules[0].service: is missing: write id of the service, as in "service: consultation"',
      ]);
    });

    it('a number where a text belongs', () => {
      expect(problemsOf('"4711"', '4711')).to.deep.equal([
        'clinic.yaml:20:15 connections[0].calendars[0].id: must be a text: put it in quotes',
      ]);
    });

    it('a word that is none of those allowed', () => {
      expect(problemsOf('topology: publish', 'topology: publisch')).to.deep.equal([
        'clinic.yaml:28:55 connections[1].calendars[0].topology: must be one of block, publish, shifts; did you mean "publish"?',
      ]);
    });

    it('a number out of range', () => {
      expect(problemsOf('horizonDays: 14', 'horizonDays: 1000')).to.deep.equal([
        'clinic.yaml:25:18 connections[1].horizonDays: must be at most 366',
      ]);
      expect(problemsOf('share: 0.8', 'share: 50')).to.deep.equal([
        'clinic.yaml:29:23 connections[1].suspect.share: must be at most 1',
      ]);
      expect(problemsOf('share: 0.8', 'atLeast: 0')).to.deep.equal([
        'clinic.yaml:29:25 connections[1].suspect.atLeast: must be at least 1',
      ]);
    });

    it('a rule of a schedule', () => {
      const policy = (written: string) => problemsIn(withPolicy(written));
      expect(policy('{ cancellation: { untilHoursBefore: -1 } }')).to.deep.equal([
        'clinic.yaml:13:49 schedules[0].policy.cancellation.untilHoursBefore: must be at least 0',
      ]);
      expect(policy('{ holds: { minutes: 31 } }')).to.deep.equal([
        'clinic.yaml:13:33 schedules[0].policy.holds.minutes: must be maxMinutes at the most',
      ]);
      expect(policy('{ holds: { maxMinutes: 61 } }')).to.deep.equal([
        'clinic.yaml:13:36 schedules[0].policy.holds.maxMinutes: must be at most 60',
      ]);
      expect(policy('{ cancellation: { untilHours: 1 } }')).to.deep.equal([
        'clinic.yaml:13:31 schedules[0].policy.cancellation.untilHours: unknown key; there is untilHoursBefore',
      ]);
      expect(policy('{ failover: maybe }')).to.deep.equal([
        'clinic.yaml:13:25 schedules[0].policy.failover: must be refuse, accept, or such as { mode: accept, forHours: 96, untilHoursBefore: 2 }',
      ]);
      expect(policy('{ failover: { mode: accept, forHours: 0 } }')).to.deep.equal([
        'clinic.yaml:13:51 schedules[0].policy.failover.forHours: must be more than 0',
      ]);
      expect(policy('{ failover: { mode: accept, forHous: 1 } }')).to.deep.equal([
        'clinic.yaml:13:41 schedules[0].policy.failover.forHous: unknown key; did you mean "forHours"?',
      ]);
      expect(policy('{ failover: { mode: refuse, forHours: 1 } }')).to.deep.equal([
        'clinic.yaml:13:33 schedules[0].policy.failover.mode: must be accept',
      ]);
      expect(policy('{ failover: { forHours: four } }').length).to.equal(2);
      expect(policy('{ release: tomorrow }')).to.deep.equal([
        'clinic.yaml:13:24 schedules[0].policy.release: must be always, or such as { hoursBefore: 48 } or { atMidnight: { daysBefore: 7 } }',
      ]);
      expect(policy('{ release: {} }')).to.deep.equal([
        'clinic.yaml:13:24 schedules[0].policy.release: must have one of hoursBefore, atMidnight',
      ]);
      expect(policy('{ release: { hoursBefore: 1, atMidnight: { daysBefore: 1 } } }')).to.deep.equal([
        'clinic.yaml:13:24 schedules[0].policy.release: must have one of hoursBefore, atMidnight',
      ]);
      expect(policy('{ release: { atMidnight: { daysBefore: 1.5 } } }')).to.deep.equal([
        'clinic.yaml:13:52 schedules[0].policy.release.atMidnight.daysBefore: must be a whole number',
      ]);
      expect(policy('{ release: { atMidnight: {} } }')).to.deep.equal([
        'clinic.yaml:13:38 schedules[0].policy.release.atMidnight.daysBefore: is missing: write days before its own at whose midnight, at the location, it is released; 0 = its own, as in "daysBefore: 7"',
      ]);
    });

    it('time that is allotted to nobody, to one alone, or for no time at all', () => {
      const sharing = (written: string) =>
        problemsIn(withPolicy(`{ sharing: { mode: allotted, ${written} } }`)).map((problem) =>
          problem.replace(/^\S+ schedules\[0\]\.policy\.sharing\.?/, ''),
        );
      expect(sharing(`shares: { ${BOTH} }`)[0]).to.contain('pooledHoursBefore: is missing');
      expect(sharing(`shares: { ${BOTH} }, pooledHoursBefore: 1, unitMinutes: 50`)).to.have.length(1);
      expect(sharing(`shares: { ${BOTH}, nobody: 1 }, pooledHoursBefore: 1`)).to.deep.equal([
        'shares.nobody: "nobody" is no connection with a calendar of this schedule; there is east, west',
      ]);
      expect(sharing('shares: { east: 1 }, pooledHoursBefore: 1')).to.deep.equal([
        'shares: must name two connections at the least: what one has alone is nobody else’s',
      ]);
      expect(sharing(`shares: { ${BOTH} }, pooledHoursBefore: 672`)).to.deep.equal([
        'pooledHoursBefore: is no less than the 28 days that are read ahead (horizonDays), so nothing would be allotted',
      ]);
      expect(sharing(`shares: { east: 0.5, west: 1 }, pooledHoursBefore: 1`)).to.deep.equal([
        'shares.east: must be a whole number',
      ]);
    });

    it('a share that is pooled before it is released', () => {
      const allotted = (hours: number, release: string): string =>
        withPolicy(
          `{ release: ${release}, sharing: { mode: allotted, shares: { ${BOTH} }, pooledHoursBefore: ${hours} } }`,
        );
      const midnight = (days: number): string => `{ atMidnight: { daysBefore: ${days} } }`;
      expect(problemsIn(allotted(48, '{ hoursBefore: 24 }'))).to.deep.equal([
        'clinic.yaml:13:39 schedules[0].policy.release.hoursBefore: is no sooner than all is pooled (pooledHoursBefore: 48), so west would never have its share to itself: write more than 48, or lower pooledHoursBefore',
      ]);
      expect(problemsIn(allotted(24, '{ hoursBefore: 24 }'))).to.have.length(1);
      expect(problemsIn(allotted(48, midnight(1)))).to.deep.equal([
        'clinic.yaml:13:52 schedules[0].policy.release.atMidnight.daysBefore: is no sooner than all is pooled (pooledHoursBefore: 48), so west would never have its share to itself: write at least 2, or lower pooledHoursBefore',
      ]);
      expect(problemsIn(allotted(24, midnight(0)))[0]).to.contain('write at least 1,');
      const accepted = [
        allotted(24, '{ hoursBefore: 24.5 }'),
        // Of the evening, at the least.
        allotted(47.5, midnight(1)),
        // Never pooled.
        allotted(0, '{ hoursBefore: 1 }'),
        // Each sells slots of its own, whenever these may be booked here.
        allotted(48, '{ hoursBefore: 24 }').replace('topology: publish', 'topology: block'),
      ];
      for (const text of accepted) expect(parse(text).directory.schedules).to.have.length(1);
    });

    it('sharing that would have a platform closed which cannot be', () => {
      const allotted = withPolicy(
        `{ sharing: { mode: allotted, shares: { ${BOTH} }, pooledHoursBefore: 24 } }`,
      );
      const why = 'what is another’s could not be closed there, and would be on offer nowhere';
      expect(problemsIn(allotted, VARIABLES, withEast(['book']))).to.deep.equal([
        `clinic.yaml:13:52 schedules[0].policy.sharing.shares.east: Platform east offers no block and no unblock, so ${why}: leave it out, or write sharing: shared`,
      ]);
      expect(problemsIn(allotted, VARIABLES, withEast(['block']))[0]).to.contain('offers no unblock, so');
      const first = withPolicy('{ sharing: hold-first }');
      const besides = first.replace('topology: publish', 'topology: block');
      expect(problemsIn(besides, VARIABLES, withEast(['book']))).to.deep.equal([
        'clinic.yaml:13:24 schedules[0].policy.sharing: Platform east offers no block and no unblock, so east could not be closed before another is asked: write shared',
      ]);
      expect(parse(besides).directory.schedules).to.have.length(1);
      // All slots are its own, so it is asked itself and never to be closed.
      expect(parse(first, VARIABLES, withEast(['book'])).directory.schedules).to.have.length(1);
      // Two are shared, and one that is not named takes no part.
      const third = SAMPLE.slice(SAMPLE.indexOf('  - id: west')).replaceAll('id: west', 'id: third');
      const others = allotted.replace(BOTH, 'third: 1, west: 1') + third;
      expect(parse(others, VARIABLES, withEast(['book'])).directory.connections).to.have.length(3);
    });

    it('sharing that closes another schedule of the practitioner on a platform which cannot be', () => {
      const elsewhere = SAMPLE.slice(SAMPLE.indexOf('  - id: tremblay'), SAMPLE.indexOf('connections:'));
      const text = withPolicy('{ sharing: hold-first }')
        .replace('connections:', `${elsewhere.replace('id: tremblay', 'id: other')}connections:`)
        .replace('id: "4711", schedule: tremblay', 'id: "4711", schedule: other')
        .replace('topology: publish', 'topology: block');
      expect(problemsIn(text, VARIABLES, withEast(['book']))[0]).to.contain('could not be closed before');
    });

    it('a freshness of a schedule that is shorter than two readings of one of its connections', () => {
      expect(problemsIn(withPolicy('{ freshnessMinutes: 0.9 }'))).to.deep.equal([
        'clinic.yaml:13:33 schedules[0].policy.freshnessMinutes: is too short for a connection that is read every 30 s: write at least 1, or lower its pollSeconds',
      ]);
    });

    it('a freshness of a schedule that is longer than that of all its connections', () => {
      expect(problemsIn(withPolicy('{ freshnessMinutes: 10.5 }'))).to.deep.equal([
        'clinic.yaml:13:33 schedules[0].policy.freshnessMinutes: is more than the 10 minutes of its connections (freshnessMinutes), so it would change nothing: write less, or raise theirs',
      ]);
      // It is longer than that of one of the two, or says the same again.
      for (const minutes of [5, 10])
        expect(parse(withPolicy(`{ freshnessMinutes: ${minutes} }`)).directory.schedules).to.have.length(1);
    });

    it('rules of a schedule that contradict each other', () => {
      const policy = (written: string) => problemsIn(withPolicy(written));
      expect(
        policy('{ release: { hoursBefore: 24 }, cancellation: { untilHoursBefore: 24 } }'),
      ).to.deep.equal([
        'clinic.yaml:13:79 schedules[0].policy.cancellation.untilHoursBefore: ends before the slots are released, so what is booked through Passerelle could never be cancelled: write less than 24',
      ]);
      const midnight = 'release: { atMidnight: { daysBefore: 1 } }';
      expect(policy(`{ ${midnight}, failover: { mode: accept, untilHoursBefore: 49 } }`)).to.deep.equal([
        'clinic.yaml:13:103 schedules[0].policy.failover.untilHoursBefore: ends before the slots are released, so nothing could ever be accepted: write less than 49',
      ]);
      expect(
        parse(withPolicy(`{ ${midnight}, cancellation: { untilHoursBefore: 48 } }`)).directory.schedules,
      ).to.have.length(1);
      expect(policy('{ release: { hoursBefore: 673 } }')).to.deep.equal([
        'clinic.yaml:13:39 schedules[0].policy.release.hoursBefore: is more than the 28 days that are read ahead (horizonDays), so it would change nothing',
      ]);
      expect(policy('{ release: { atMidnight: { daysBefore: 29 } } }')[0]).to.contain('28 days');
    });

    it('an id that FHIR would not take', () => {
      expect(problemsOf('organization: { id: parc', 'organization: { id: "le parc"')).to.deep.equal([
        'clinic.yaml:1:21 organization.id: may have letters, digits, - and ., 64 at the most, as it becomes a FHIR id',
      ]);
    });

    it('a time zone that there is not', () => {
      expect(
        problemsOf(
          '{ id: parc, name: Clinique du Parc }\nservices',
          '{ id: parc, name: P, timeZone: America/Torronto }\nservices',
        ),
      ).to.deep.equal([
        'clinic.yaml:3:36 locations[0].timeZone: "America/Torronto" is no IANA time zone; did you mean "America/Toronto"?',
      ]);
      expect(
        problemsOf(
          '{ id: parc, name: Clinique du Parc }\nservices',
          '{ id: parc, name: P, timeZone: "-05:00" }\nservices',
        )[0],
      ).to.match(/^clinic\.yaml:3:36 .* is no IANA time zone; write one such as America\/Toronto$/);
    });

    it('a specialty without what it stands for', () => {
      const [first, ...more] = problemsOf(
        'en: Consultation } }',
        'en: Consultation }, specialty: [{ system: "urn:x", code: "1" }] }',
      );
      expect(first).to.contain('services[0].specialty[0].display: is missing');
      expect(more).to.deep.equal([]);
    });

    it('an id that names nothing', () => {
      expect(problemsOf('practitioner: dr-tremblay', 'practitioner: dr-tremlbay')).to.deep.equal([
        'clinic.yaml:10:19 schedules[0].practitioner: no "dr-tremlbay" under practitioners; did you mean "dr-tremblay"?',
      ]);
      expect(
        problemsOf('schedule: tremblay, topology: block', 'schedule: gagnon, topology: block'),
      ).to.deep.equal([
        'clinic.yaml:20:33 connections[0].calendars[0].schedule: no "gagnon" under schedules; there is tremblay',
      ]);
    });

    it('an id that is there twice', () => {
      expect(problemsOf('- id: west', '- id: east')).to.deep.equal([
        'clinic.yaml:21:9 connections[1].id: "east" is here twice: each must have an id of its own',
      ]);
    });

    it('a schedule with two agendas of ours', () => {
      const own = `  - id: ours
    platform: agenda
    calendars:
      - { id: one, schedule: tremblay, topology: block }
      - { id: two, schedule: tremblay, topology: block }
`;
      const adapters = new Map([...ADAPTERS, ['agenda', agenda]]);
      expect(problemsIn(SAMPLE + own, VARIABLES, adapters)).to.deep.equal([
        'clinic.yaml:34:30 connections[2].calendars[1].schedule: "tremblay" has an agenda of ours already: one is enough',
      ]);
      const [published] = problemsIn(
        SAMPLE + own.replace(/.*two.*\n/, '').replace('block', 'publish'),
        VARIABLES,
        adapters,
      );
      expect(published).to.contain('Passerelle agenda takes no slots: write block');
    });

    it('a calendar that is there twice on one connection', () => {
      const line = '      - { id: "4711", schedule: tremblay, topology: block }\n';
      expect(problemsOf(line, line + line)).to.deep.equal([
        'clinic.yaml:21:15 connections[0].calendars[1].id: "4711" is here twice: each must have an id of its own',
      ]);
    });

    it('a platform without an adapter', () => {
      expect(problemsOf('platform: east', 'platform: north')).to.deep.equal([
        'clinic.yaml:15:15 connections[0].platform: no adapter "north"; there is east, west',
      ]);
    });

    it('slots that a platform does not take', () => {
      expect(problemsOf('topology: block', 'topology: publish')).to.deep.equal([
        'clinic.yaml:20:53 connections[0].calendars[0].topology: Platform east takes no slots: write block',
      ]);
    });

    it('a freshness that is shorter than two readings', () => {
      expect(problemsOf('pollSeconds: 20', 'pollSeconds: 90')).to.deep.equal([
        'clinic.yaml:24:23 connections[1].freshnessMinutes: is too short for readings every 90 s: write at least 3, or lower pollSeconds',
      ]);
      expect(problemsOf('pollSeconds: 20\n    freshnessMinutes: 2', 'pollSeconds: 301')).to.deep.equal([
        'clinic.yaml:21:5 connections[1].freshnessMinutes: is too short for readings every 301 s: write at least 10.1, or lower pollSeconds',
      ]);
    });

    it('a key that is written twice, and anything else that is not YAML', () => {
      expect(problemsIn('a: 1\na: 2\n')).to.deep.equal([
        'clinic.yaml:2:1 not valid YAML: Map keys must be unique',
      ]);
      expect(problemsIn('a: [1, 2\n')[0]).to.match(/^clinic\.yaml:2:1 not valid YAML: /);
    });

    it('an empty file', () => {
      expect(problemsIn('')).to.deep.equal(['clinic.yaml:1:1 the file is empty']);
    });
  });

  describe('of the settings of a platform', () => {
    it('checks them as its manifest says, in their place', () => {
      expect(problemsOf('https://east.example', 'east.example')).to.deep.equal([
        'clinic.yaml:17:12 connections[0].settings.url: is not an address: write address of the platform',
      ]);
    });

    it('takes no unknown key, however deep, though zod would drop it', () => {
      const settings = 'token: { env: EAST_TOKEN }';
      expect(problemsOf(settings, `${settings}\n      retrys: 1`)).to.deep.equal([
        'clinic.yaml:19:7 connections[0].settings.retrys: unknown key; did you mean "retries"?',
      ]);
      expect(problemsOf(settings, `${settings}\n      regions: [{ name: a, nmae: b }]`)).to.deep.equal([
        'clinic.yaml:19:28 connections[0].settings.regions[0].nmae: unknown key; did you mean "name"?',
      ]);
      expect(
        problemsOf(settings, `${settings}\n      plan: { kind: paid, account: a, acount: b }`),
      ).to.deep.equal([
        'clinic.yaml:19:39 connections[0].settings.plan.acount: unknown key; did you mean "account"?',
      ]);
    });

    it('says which variable is not set, and nothing that follows from that', () => {
      const expected = [
        'clinic.yaml:18:14 connections[0].settings.token: the environment variable EAST_TOKEN is not set: set it where Passerelle is started',
      ];
      expect(problemsIn(SAMPLE, {})).to.deep.equal(expected);
      expect(problemsIn(SAMPLE, { EAST_TOKEN: '' })).to.deep.equal(expected);
    });

    it('never repeats a value, which may be a secret', () => {
      expect(problemsOf('{ env: EAST_TOKEN }', 'hunter2').join()).not.to.contain('hunter2');
      expect(problemsIn(SAMPLE, { EAST_TOKEN: 'hunter2' }).join()).not.to.contain('hunter2');
    });
  });

  it('says all that is wrong at once, in the order of the lines', () => {
    const text = SAMPLE.replace('prefix: Dr', 'prefx: Dr')
      .replace('location: parc', 'location: park')
      .replace('platform: west', 'platform: wst')
      .replace('url: https://east.example', 'url: 7');
    expect(problemsIn(text).map((line) => line.split(' ', 2).join(' '))).to.deep.equal([
      'clinic.yaml:7:55 practitioners[0].prefx:',
      'clinic.yaml:11:15 schedules[0].location:',
      'clinic.yaml:17:12 connections[0].settings.url:',
      'clinic.yaml:22:15 connections[1].platform:',
    ]);
  });

  it('says when the file cannot be read', async () => {
    try {
      await readConfiguration('/nowhere/clinic.yaml', ADAPTERS, {}, createLoader());
      expect.fail('it was read');
    } catch (error) {
      expect((error as ConfigurationError).format()).to.match(
        /^\/nowhere\/clinic\.yaml:1:1 cannot be read \(ENOENT/,
      );
    }
  });
});
