import { expect } from 'chai';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { SUBSCRIPTION_DEFAULTS } from '../../src/config/subscriptions.ts';
import { DAY, HOUR } from '../../src/domain/instant.ts';
import { ADAPTERS, SAMPLE, VARIABLES } from './sample.ts';

const parse = (text: string) => parseConfiguration(text, 'clinic.yaml', ADAPTERS, VARIABLES).subscriptions;

const problems = (text: string): string[] => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
};

describe('the configuration of subscriptions', () => {
  it('allows nothing that is not public where it says nothing', () => {
    expect(parse(SAMPLE)).to.deep.equal({ allowedTargets: [], giveUpMilliseconds: DAY, most: 100 });
    expect(parse(SAMPLE)).to.deep.equal(SUBSCRIPTION_DEFAULTS);
  });

  it('names hosts, addresses and networks', () => {
    const allowedTargets = ['hooks.internal', '10.1.2.3', '10.20.0.0/16', '::1', 'fd00::/8'];
    const text = `${SAMPLE}subscriptions:\n  allowedTargets: ${JSON.stringify(allowedTargets)}\n  giveUpHours: 2\n  maxSubscriptions: 7\n`;
    expect(parse(text)).to.deep.equal({ allowedTargets, giveUpMilliseconds: 2 * HOUR, most: 7 });
  });

  for (const target of [
    '',
    'http://a',
    'a/b',
    '10.0.0.0/33',
    '10.0.0.0/',
    'fd00::/129',
    'a b',
    '*.internal',
    '-a',
  ]) {
    it(`refuses ${JSON.stringify(target)}`, () => {
      const text = `${SAMPLE}subscriptions: { allowedTargets: [${JSON.stringify(target)}] }\n`;
      expect(problems(text)).to.deep.equal(['subscriptions.allowedTargets[0]']);
    });
  }

  it('has limits', () => {
    expect(problems(`${SAMPLE}subscriptions: { giveUpHours: 0, maxSubscriptions: 1001 }\n`)).to.deep.equal([
      'subscriptions.giveUpHours',
      'subscriptions.maxSubscriptions',
    ]);
  });
});
