import { expect } from 'chai';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { ADAPTERS, SAMPLE, VARIABLES } from './sample.ts';

const OIDC = `access:
  signIn:
    oidc:
      issuer: https://identite.example
      clientId: passerelle
      clientSecret: { env: OIDC_SECRET }
      name: { fr: le réseau, en: the network }
      grants: [{ value: accueil, scopes: [system/Slot.rs], organization: parc }]
`;

describe('signing in, as it is configured', () => {
  const parse = (text: string, more: Record<string, string> = {}) =>
    parseConfiguration(text, 'clinic.yaml', ADAPTERS, { ...VARIABLES, ...more }).access.signIn;
  const problems = (text: string, more: Record<string, string> = {}): string => {
    try {
      parse(text, more);
      return '';
    } catch (error) {
      if (error instanceof ConfigurationError) return error.format();
      throw error;
    }
  };
  const SECRET = { OIDC_SECRET: 'un-secret-pour-les-essais' };

  it('has defaults, and no provider', () => {
    expect(parse(SAMPLE)).to.deep.equal({
      idleMilliseconds: 30 * MINUTE,
      absoluteMilliseconds: 12 * HOUR,
      secondFactor: 'sensitive',
      provider: null,
    });
  });

  it('has the secret of a provider from the environment alone', () => {
    const { provider } = parse(SAMPLE + OIDC, SECRET);
    expect([provider?.clientSecret, provider?.claim, provider?.grants[0]?.organizationId]).to.deep.equal([
      SECRET.OIDC_SECRET,
      'groups',
      'parc',
    ]);
    expect(problems(SAMPLE + OIDC)).to.contain('OIDC_SECRET is not set');
    expect(problems(SAMPLE + OIDC.replace('{ env: OIDC_SECRET }', 'in-the-file'))).to.contain('clientSecret');
  });

  it('says what is wrong, and where', () => {
    const wrong = (from: string, to: string) => problems(SAMPLE + OIDC.replace(from, to), SECRET);
    expect(wrong('organization: parc', 'organization: parx')).to.contain('no "parx" under organizations');
    expect(wrong('system/Slot.rs', 'system/Slot.all')).to.contain('is no scope');
    expect(wrong('https://identite', 'http://identite')).to.contain('https://');
    expect(wrong('clientId: passerelle', 'scopes: [email]\n      clientId: passerelle')).to.contain(
      'needs openid',
    );
  });
});
