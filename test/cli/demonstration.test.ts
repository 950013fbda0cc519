import { expect } from 'chai';
import { banner } from '../../src/cli/banner.ts';
import { demonstration, demonstrationConfiguration } from '../../src/cli/demonstration.ts';
import { CommandFailure } from '../../src/cli/dependencies.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { Directory } from '../../src/domain/directory.ts';
import { allAdapters } from '../config/adapters.ts';

const adapters = await allAdapters();
const made = (variables: Record<string, string>, webhookSecret: string | null = null) => {
  const environment = readEnvironment(variables);
  const demonstrated = demonstration(environment, variables, webhookSecret);
  return { ...demonstrated, configuration: demonstrationConfiguration(demonstrated, environment, adapters) };
};

describe('the demonstration', () => {
  it('is a directory that holds together, with each doctor on both platforms, and one with an agenda here', () => {
    const directory = new Directory(made({}).configuration.directory);
    expect(directory.entries.practitioners).to.have.length(3);
    for (const { id } of directory.entries.practitioners) {
      expect(directory.calendarsOf(id).map(({ connectionId }) => connectionId)).to.deep.equal([
        'bonjour-sante',
        'rvsq',
        ...(id === 'dr-nguyen' ? ['agenda'] : []),
      ]);
    }
  });

  it('lets platform and simulator have the same address and the same secret, new at the first start', () => {
    const { configuration, simulators } = made({ PORT: '9000', HOST: '0.0.0.0' });
    const vendor = configuration.connections[0]?.settings as { baseUrl: string; webhookSecret: string };
    expect(vendor.baseUrl).to.equal('http://127.0.0.1:9001');
    expect(simulators[0]?.url).to.equal(vendor.baseUrl);
    const options = simulators[0]?.options ?? [];
    expect(options[options.indexOf('--webhook-secret') + 1]).to.equal(vendor.webhookSecret);
    expect(options[options.indexOf('--webhook') + 1]).to.equal(
      'http://127.0.0.1:9000/webhooks/bonjour-sante',
    );
    expect(simulators[1]?.options).not.to.include('--webhook');
    const other = made({}).configuration.connections[0]?.settings as { webhookSecret: string };
    expect(other.webhookSecret).not.to.equal(vendor.webhookSecret);
    const again = made({}, vendor.webhookSecret).simulators[0]?.options ?? [];
    expect(again[again.indexOf('--webhook-secret') + 1]).to.equal(vendor.webhookSecret);
    // One that begins with a dash would be taken for an option.
    expect(vendor.webhookSecret).to.match(/^[0-9a-f]+$/);
  });

  for (const PORT of ['0', '65534']) {
    it(`has no room on PORT=${PORT}`, () => {
      expect(() => made({ PORT })).to.throw(CommandFailure, 'PORT+2');
    });
  }

  it('says in both languages where everything is, also when no slot is free', () => {
    for (const language of ['en', 'fr'] as const) {
      const text = banner({
        url: 'http://127.0.0.1:8080',
        environment: { ...readEnvironment({}), entryKey: 'abc' },
        simulators: made({}).simulators.map((each) => ({ ...each, sample: null })),
        language,
      });
      for (const port of [8080, 8081, 8082]) expect(text).to.contain(`http://127.0.0.1:${port}`);
      expect(text).to.contain('http://127.0.0.1:8080/auth/demonstration?key=abc');
      expect(text).to.contain('.data/admin-token').and.to.contain('/fhir/Slot?status=free');
    }
  });
});
