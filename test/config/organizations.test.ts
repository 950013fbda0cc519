import { expect } from 'chai';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { ADAPTERS, SAMPLE, VARIABLES } from './sample.ts';

const ONE = 'organization: { id: parc, name: Clinique du Parc }';
const TWO = 'organizations: [{ id: parc, name: Parc }, { id: rive, name: Rive }]';
const PLACE = '- { id: parc, name: Clinique du Parc }';
const PLACES = '- { id: parc, name: A, organization: parc }\n  - { id: rive, name: B, organization: rive }';
const SCHEDULE = '  - { id: autre, practitioner: WHO, location: rive, service: consultation }\nconnections:';

describe('organizations in the configuration', () => {
  const parse = (text: string) => parseConfiguration(text, 'clinic.yaml', ADAPTERS, VARIABLES).directory;
  const problems = (text: string): string => {
    try {
      parse(text);
      return '';
    } catch (error) {
      if (error instanceof ConfigurationError) return error.format();
      throw error;
    }
  };
  /** Two organizations; a second schedule, of the other one and of whom it says. */
  const both = (practitioner: string): string =>
    SAMPLE.replace(ONE, TWO)
      .replace(PLACE, PLACES)
      .replace('practitioners:', 'practitioners:\n  - { id: dre-roy, family: Roy, given: Maude }')
      .replace('connections:', SCHEDULE.replace('WHO', practitioner));

  it('may be one, whose all places are', () => {
    const { organizations, locations } = parse(SAMPLE);
    expect(organizations).to.deep.equal([{ id: 'parc', name: 'Clinique du Parc' }]);
    expect(locations.map(({ organizationId }) => organizationId)).to.deep.equal(['parc']);
  });

  it('may be several, each with places of its own', () => {
    const { locations } = parse(both('dre-roy'));
    expect(locations.map(({ organizationId }) => organizationId)).to.deep.equal(['parc', 'rive']);
  });

  it('are one or several, not both and not none', () => {
    expect(problems(`${SAMPLE}${TWO}\n`)).to.contain('not both');
    expect(problems(SAMPLE.replace(ONE, ''))).to.contain('needs organization');
    expect(problems(SAMPLE.replace(ONE, TWO.replace('id: rive', 'id: parc')))).to.contain(
      '"parc" is here twice',
    );
  });

  it('are named by each place, where there are several', () => {
    const several = SAMPLE.replace(ONE, TWO);
    expect(problems(several)).to.contain('needs organization, since there are several: parc, rive');
    const misspelt = several.replace(PLACE, '- { id: parc, name: A, organization: riv }');
    expect(problems(misspelt)).to.contain('no "riv" under organizations; did you mean "rive"');
  });

  it('are named by whom the configuration lets ask, where it is to see one only', () => {
    const access = (named: string): string => `${SAMPLE}access:
  clients:
    - { id: a, name: A, scopes: [system/Slot.rs], jwksUri: https://a.example/jwks, organization: ${named} }
    - { id: b, name: B, scopes: [system/Slot.rs], jwksUri: https://b.example/jwks }
  issuers:
    - { issuer: https://a.example, audience: x, scopes: [system/Slot.rs], organization: ${named} }
`;
    const { clients, issuers } = parseConfiguration(access('parc'), 'x.yaml', ADAPTERS, VARIABLES).access;
    const named = [...clients, ...issuers].map(({ organizationId }) => organizationId);
    expect(named).to.deep.equal(['parc', null, 'parc']);
    expect(problems(access('parx')).match(/no "parx" under organizations/g)).to.have.length(2);
  });

  it('share no practitioner and no connection', () => {
    expect(problems(both('dr-tremblay'))).to.contain('"dr-tremblay" has a schedule of parc already');
    const shared = both('dre-roy').replace(
      '- { id: "4711", schedule: tremblay, topology: block }',
      '- { id: "4711", schedule: tremblay, topology: block }\n      - { id: "12", schedule: autre, topology: block }',
    );
    expect(problems(shared)).to.contain('is of rive, and this connection is of parc');
  });
});
