import { expect } from 'chai';
import { z } from 'zod';
import type { Adapter } from '../../src/adapter/contract.ts';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { ADAPTERS, fakeAdapter, SAMPLE, VARIABLES } from './sample.ts';

const asking = (): Adapter => {
  const { manifest, ...adapter } = fakeAdapter('hand', z.object({}));
  const capabilities = { ...manifest.capabilities, pull: 'none', writes: 'asked', lists: true } as const;
  return { ...adapter, manifest: { ...manifest, capabilities } };
};
const ALL = new Map([...ADAPTERS, ['hand', asking()]]);

const MAIL = `mail: { host: smtp.clinique.example, from: passerelle@clinique.example }
`;
const HAND = (more: string) => `  - id: hand
    platform: hand
    ${more}
    calendars:
      - { id: tremblay, schedule: tremblay, topology: block }
`;
const STEPS = `escalation: [{ afterMinutes: 0, to: [a@clinique.example] }, { afterMinutes: 60, to: [b@clinique.example] }]`;

const read = (text: string) =>
  parseConfiguration(text, 'clinic.yaml', ALL, { ...VARIABLES, SMTP: 'a-password' });
const problems = (text: string): string[] => {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ path, message }) => `${path} ${message}`);
  }
};

describe('mail in the configuration', () => {
  it('is none unless it is said', () => {
    expect(read(SAMPLE).mail.server).to.equal(null);
  });

  it('goes by TLS to the port that is usual for it, as the secret of the environment says', () => {
    expect(read(SAMPLE + MAIL).mail.server).to.deep.equal({
      host: 'smtp.clinique.example',
      port: 465,
      security: 'tls',
      login: null,
      from: 'passerelle@clinique.example',
      allowedTargets: [],
    });
    const more = MAIL.replace('}', ', security: starttls, user: passerelle, password: { env: SMTP } }');
    expect(read(SAMPLE + more).mail.server).to.deep.include({
      port: 587,
      login: { user: 'passerelle', password: 'a-password' },
    });
  });

  it('tells step by step whom the connection names', () => {
    const { mail, directory } = read(SAMPLE + HAND(STEPS) + MAIL);
    expect(mail.escalation.get('hand')).to.deep.equal([
      { afterMilliseconds: 0, to: ['a@clinique.example'] },
      { afterMilliseconds: HOUR, to: ['b@clinique.example'] },
    ]);
    const hand = directory.connections.find(({ id }) => id === 'hand');
    expect(hand).to.deep.include({ asksPeople: true, isListed: true, freshnessMilliseconds: 720 * MINUTE });
    expect(directory.connections[0]).to.deep.include({ asksPeople: false, isListed: false });
  });

  for (const [what, text, problem] of [
    [
      'a secret that is not there',
      SAMPLE + MAIL.replace('}', ', user: p, password: { env: NONE } }'),
      /NONE is not set/,
    ],
    ['a user without a password', SAMPLE + MAIL.replace('}', ', user: p }'), /user and password go together/],
    ['a password in the file', SAMPLE + MAIL.replace('}', ', user: p, password: abc }'), /mail.password/],
    ['a sender that is none', SAMPLE + MAIL.replace('passerelle@', 'passerelle at '), /must be an address/],
    ['steps without mail', SAMPLE + HAND(STEPS), /nobody can be told without mail/],
    [
      'steps of a platform that is written to by program',
      `${SAMPLE.replace('platform: east', `platform: east\n    ${STEPS}`)}${MAIL}`,
      /nobody has a task there/,
    ],
    ['steps in no order', SAMPLE + HAND(STEPS.replace('60', '0')) + MAIL, /later than the one before/],
    [
      'a step for nobody',
      SAMPLE + HAND(STEPS.replace('[a@clinique.example]', '[]')) + MAIL,
      /escalation\[0\].to/,
    ],
    [
      'two addresses in one',
      SAMPLE + HAND(STEPS.replace('a@', 'x@y.example, <z>a@')) + MAIL,
      /must be an address/,
    ],
    [
      'a schedule that is fresh for less than an hour, which is stricter than its lists',
      `${SAMPLE.replace('service: consultation', 'service: consultation\n    policy: { freshnessMinutes: 60 }')}${HAND('')}`,
      null,
    ],
  ] as const) {
    it(problem === null ? `takes ${what}` : `refuses ${what}`, () => {
      const found = problems(text);
      if (problem === null) expect(found).to.deep.equal([]);
      else expect(found.join('\n')).to.match(problem);
    });
  }
});
