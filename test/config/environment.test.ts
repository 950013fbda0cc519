import { expect } from 'chai';
import { EnvironmentError, readEnvironment } from '../../src/config/environment.ts';

describe('environment', () => {
  const problemsOf = (variables: Record<string, string>): string[] => {
    try {
      readEnvironment(variables);
    } catch (error) {
      if (error instanceof EnvironmentError) return error.message.split('\n');
      throw error;
    }
    return [];
  };

  it('has a default for everything', () => {
    expect(readEnvironment({})).to.deep.equal({
      port: 8080,
      host: '127.0.0.1',
      dataFolder: './.data',
      configurationFile: null,
      databaseUrl: null,
      redisUrl: null,
      key: null,
      publicUrl: null,
      previousKeys: [],
      logLevel: 'warn',
    });
  });

  it('takes what is set, and takes what is empty for not set', () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    const former = Buffer.alloc(32, 8).toString('base64');
    const environment = readEnvironment({
      PORT: '9000',
      HOST: '0.0.0.0',
      PASSERELLE_DATA: '/var/lib/passerelle',
      PASSERELLE_CONFIG: '',
      DATABASE_URL: 'postgresql:///passerelle',
      REDIS_URL: 'rediss://cache:6380',
      PASSERELLE_KEY: key,
      PASSERELLE_URL: 'https://passerelle.clinique.example',
      PASSERELLE_KEY_PREVIOUS: `${former}, ${key}`,
      LOG_LEVEL: 'debug',
    });
    expect(environment).to.deep.equal({
      port: 9000,
      host: '0.0.0.0',
      dataFolder: '/var/lib/passerelle',
      configurationFile: null,
      databaseUrl: 'postgresql:///passerelle',
      redisUrl: 'rediss://cache:6380',
      key,
      publicUrl: 'https://passerelle.clinique.example',
      previousKeys: [former, key],
      logLevel: 'debug',
    });
  });

  it('says all that is wrong, by name and without the value', () => {
    const problems = problemsOf({
      PORT: '80a',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      REDIS_URL: 'hunter2',
      PASSERELLE_KEY: 'hunter2',
      PASSERELLE_KEY_PREVIOUS: `${Buffer.alloc(32).toString('base64')},hunter2`,
      LOG_LEVEL: 'loud',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).to.deep.equal([
      'PORT',
      'DATABASE_URL',
      'REDIS_URL',
      'PASSERELLE_KEY',
      'PASSERELLE_KEY_PREVIOUS',
      'LOG_LEVEL',
    ]);
    expect(problems.join()).not.to.contain('hunter2');
  });

  for (const port of ['65536', '-1', '8080.5', '']) {
    it(`PORT=${JSON.stringify(port)} ${port === '' ? 'is 8080' : 'is no port'}`, () => {
      expect(problemsOf({ PORT: port })).to.have.length(port === '' ? 0 : 1);
    });
  }

  it('wants a key of exactly 32 bytes', () => {
    expect(problemsOf({ PASSERELLE_KEY: Buffer.alloc(31).toString('base64') })).to.have.length(1);
    expect(problemsOf({ PASSERELLE_KEY: Buffer.alloc(32).toString('base64') })).to.have.length(0);
  });
});
