import { expect } from 'chai';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { SERVER_DEFAULTS } from '../../src/config/server.ts';
import { ADAPTERS, SAMPLE, VARIABLES } from './sample.ts';

const parse = (text: string) => parseConfiguration(text, 'clinic.yaml', ADAPTERS, VARIABLES).server;

const problems = (text: string): string[] => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
};

describe('the configuration of the server', () => {
  it('trusts no proxy where it says nothing', () => {
    expect(parse(SAMPLE)).to.deep.equal(SERVER_DEFAULTS);
    expect(SERVER_DEFAULTS).to.deep.include({ trustProxy: [] });
  });

  it('has proxies by address or network', () => {
    const of = (proxy: string) => `${SAMPLE}server: { trustProxy: ["${proxy}"] }\n`;
    for (const good of ['127.0.0.1', '::1', '10.20.0.0/16', 'fd00::/8'])
      expect(parse(of(good)).trustProxy).to.deep.equal([good]);
    for (const bad of ['proxy.example', '10.20.0.0/33', '10.20.0.0/16/1', 'fd00::/129', '10.20.0.0/', ''])
      expect(problems(of(bad)), bad).to.deep.equal(['server.trustProxy[0]']);
  });
});
