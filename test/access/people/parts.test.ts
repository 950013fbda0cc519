import { expect } from 'chai';
import {
  hashOfRecoveryCode,
  isRecoveryCode,
  newRecoveryCodes,
  stepOf,
} from '../../../src/access/people/codes.ts';
import { takesPasskeys } from '../../../src/access/people/passkeys.ts';
import { Busy, createPasswords } from '../../../src/access/people/passwords.ts';
import { valueAt } from '../../../src/access/people/provider.ts';
import { createMac, sealFor } from '../../../src/access/people/secrets.ts';
import { standingOf } from '../../../src/access/people/sessions.ts';
import { instant } from '../../../src/domain/instant.ts';
import { agentName, ago } from '../../../src/server/sign-in/agent.ts';
import { html } from '../../../src/server/sign-in/html.ts';
import { fakeSeal } from '../../support/fake-ring.ts';

describe('what signing in is made of', () => {
  it('codes: those of RFC 6238, appendix B, one step around now', () => {
    const secret = Buffer.from('12345678901234567890');
    const at = (seconds: number) => instant(seconds * 1000);
    // Of the eight digits there the last six.
    expect(stepOf('287 082', secret, at(59))).to.equal(1);
    expect(stepOf('081804', secret, at(1_111_111_109))).to.equal(37_037_036);
    expect(stepOf('287082', secret, at(59 + 30))).to.equal(1);
    expect(stepOf('287082', secret, at(59 + 61))).to.equal(null);
    expect(stepOf('28708', secret, at(59))).to.equal(null);
    expect(stepOf('94287082', secret, at(59))).to.equal(null);
  });

  it('recovery codes: each another, told alike however they are typed, and of one person', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).to.equal(10);
    const [code = ''] = codes;
    expect(codes.every(isRecoveryCode)).to.equal(true);
    const typed = code.toUpperCase().replaceAll('-', ' ');
    expect(hashOfRecoveryCode('a', typed).equals(hashOfRecoveryCode('a', code))).to.equal(true);
    expect(hashOfRecoveryCode('b', code).equals(hashOfRecoveryCode('a', code))).to.equal(false);
  });

  it('passwords: nobody’s is never right, and of too many at once some are turned away', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash('cafe\u0301 et chocolat');
    expect(hash).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify(hash, 'caf\u00e9 et chocolat')).to.equal(true);
    expect(await passwords.verify(hash, 'cafe et chocolat')).to.equal(false);
    expect(await passwords.verify(null, 'nobody has this password')).to.equal(false);
    const many = await Promise.allSettled(Array.from({ length: 60 }, () => passwords.verify(hash, 'x')));
    const refused = many.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).to.have.length(8);
    expect(refused.every((reason) => reason instanceof Busy)).to.equal(true);
    expect(await passwords.verify(hash, 'caf\u00e9 et chocolat'), 'it goes on afterwards').to.equal(true);
  }).timeout(20_000);

  it('standing: what is demanded follows from rights, and what is asked for from what there is', () => {
    const bare = { totp: null, passkeys: 0 };
    const standing = (scopes: string, person: { totp: Uint8Array | null; passkeys: number } = bare) =>
      standingOf({ ...person, scopes }, 'password', 'sensitive');
    expect(standing('system/Slot.rs passerelle/status')).to.equal('full');
    expect(standing('passerelle/operate')).to.equal('enrol');
    expect(standing('passerelle/administer')).to.equal('enrol');
    expect(standingOf({ ...bare, scopes: 'system/Patient.s' }, 'both', 'sensitive')).to.equal('enrol');
    expect(standingOf({ ...bare, scopes: 'system/Slot.rs' }, 'both', 'sensitive')).to.equal('full');
    expect(standing('system/Patient.s')).to.equal('enrol');
    expect(standing('system/*.r')).to.equal('enrol');
    expect(standing('system/Slot.rs', { totp: null, passkeys: 1 })).to.equal('second-factor');
    expect(standing('system/Slot.rs', { totp: new Uint8Array(1), passkeys: 0 })).to.equal('second-factor');
    expect(standingOf({ ...bare, scopes: 'system/Slot.rs' }, 'password', 'everyone')).to.equal('enrol');
    expect(standingOf({ ...bare, scopes: 'system/*.r' }, 'provider', 'everyone')).to.equal('full');
  });

  it('seals and MACs: each for one purpose', () => {
    const seal = sealFor(fakeSeal());
    const sealed = seal.close('totp', 'TOTP of a', 'secret');
    expect(seal.open('totp', 'TOTP of a', sealed)).to.equal('secret');
    expect(() => seal.open('totp', 'TOTP of b', sealed)).to.throw(/not for TOTP of b/);
    expect(() => seal.open('sign-in', 'TOTP of a', sealed)).to.throw();
    const mac = createMac(Buffer.alloc(32, 1));
    expect(mac('form', 'ab', 'c').equals(mac('form', 'a', 'bc'))).to.equal(false);
    expect(mac('form', 'a').equals(mac('passkey', 'a'))).to.equal(false);
    expect(createMac(Buffer.alloc(32, 2))('form', 'a').equals(mac('form', 'a'))).to.equal(false);
  });

  it('claims: by their name, or by the way to them', () => {
    const claims = { 'https://x.example/roles': ['a'], realm_access: { roles: ['b'] } };
    expect(valueAt(claims, 'https://x.example/roles')).to.deep.equal(['a']);
    expect(valueAt(claims, 'realm_access.roles')).to.deep.equal(['b']);
    expect(valueAt(claims, 'realm_access.roles.x.y')).to.equal(undefined);
  });

  it('pages: whatever is put into them is text', () => {
    const name = `"><script>alert('x')</script>&`;
    expect(html`<a title="${name}">${[html`<b>${name}</b>`]}</a>`.html).not.to.match(/<script|"">|'x'/);
  });

  it('browsers, and how long ago', () => {
    const agent =
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0';
    expect(agentName(agent)).to.equal('Edge, Windows');
    expect(agentName('curl/8')).to.equal(null);
    expect(ago(instant(0), instant(5 * 60_000), 'fr')).to.equal('il y a 5 minutes');
    expect(ago(instant(0), instant(26 * 3_600_000), 'en')).to.equal('yesterday');
  });

  it('passkeys: of names only', () => {
    const takes = (hostname: string) => takesPasskeys({ origin: '', hostname });
    expect(['localhost', 'passerelle.example', '127.0.0.1', '[::1]'].map(takes)).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
  });
});
