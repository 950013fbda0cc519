import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { MINUTE } from '../../src/domain/instant.ts';
import { BASIS, NOW, rows, SETTINGS, scripted } from './scripted.ts';

/** Deliveries to a described adapter; those of the suite are signed in another way (vendor-agenda.yaml). */

const KEY = 'a-secret-of-the-test';
const hmac = (text: string, encoding: 'hex' | 'base64'): string =>
  createHmac('sha256', KEY).update(text).digest(encoding);

const deliver = async (webhook: object, headers: Record<string, string>, body: string) => {
  const secret = { type: 'secret', title: { fr: 'Secret', en: 'Secret' } };
  const description = { ...BASIS, settings: { ...BASIS.settings, webhookSecret: secret }, webhook };
  const { platform } = scripted(description, () => ({}), { settings: { ...SETTINGS, webhookSecret: KEY } });
  return platform.webhook?.({ headers, body: Buffer.from(body) });
};

describe('a webhook of a description', () => {
  const HINT = {
    signature: { header: 'X-Signature', prefix: 'v1,', encoding: 'base64' },
    hint: { calendars: 'doctors' },
  };

  it('is a hint of the calendars that it names, or of all', async () => {
    const body = '{"doctors":["a",2]}';
    const headers = { 'x-signature': `v1,${hmac(body, 'base64')}` };
    expect(await deliver(HINT, headers, body)).to.deep.equal({ outcome: 'hint', calendars: ['a', '2'] });
    expect(await deliver({ ...HINT, hint: {} }, headers, body)).to.deep.equal({
      outcome: 'hint',
      calendars: null,
    });
  });

  it('is refused without its signature, whatever it says', async () => {
    const body = '{"doctors":["a"]}';
    for (const said of [
      '',
      'v1,',
      hmac(body, 'base64'),
      `v1,${hmac(body, 'hex')}`,
      `v1,${hmac(`${body} `, 'base64')}`,
      `v2,${hmac(body, 'base64')}`,
    ])
      expect(await deliver(HINT, { 'x-signature': said }, body), said).to.deep.equal({
        outcome: 'refused',
        reason: 'signature',
      });
    expect(await deliver(HINT, {}, body)).to.deep.equal({ outcome: 'refused', reason: 'signature' });
  });

  it('is refused where it is signed, and is not as described', async () => {
    for (const body of ['', '{', '{}', '{"doctors":[1,null]}', '{"doctors":{}}', '['.repeat(500)])
      expect(await deliver(HINT, { 'x-signature': `v1,${hmac(body, 'base64')}` }, body), body).to.deep.equal({
        outcome: 'refused',
        reason: 'malformed',
      });
  });

  const PAYLOAD = {
    signature: { header: 'X-Signature', of: 'v0:{time}:{body}' },
    time: { header: 'X-Time', unit: 'milliseconds' },
    payload: { rows: 'changed' },
  };
  const signed = (body: string, at: number) => ({
    'x-time': String(at),
    'x-signature': hmac(`v0:${at}:${body}`, 'hex'),
  });

  it('has records in it, those of calendars that it names itself', async () => {
    const body = JSON.stringify({ changed: [...rows('a'), { id: 'b' }] });
    const heard = await deliver(PAYLOAD, signed(body, NOW), body);
    if (heard?.outcome !== 'payload') throw new Error(heard?.outcome);
    expect(heard.rows.map(({ externalId, calendar }) => [externalId, calendar])).to.deep.equal([['a', 'dr']]);
    expect(heard.rejected.map(({ reason }) => reason)).to.deep.equal(['calendar: missing']);
    const other = '{"changed":{}}';
    expect(await deliver(PAYLOAD, signed(other, NOW), other)).to.deep.equal({
      outcome: 'refused',
      reason: 'malformed',
    });
  });

  it('is a replay five minutes from now, in either direction', async () => {
    const body = '{"changed":[]}';
    for (const minutes of [-5, 0, 5])
      expect((await deliver(PAYLOAD, signed(body, NOW + minutes * MINUTE), body))?.outcome).to.equal(
        'payload',
      );
    for (const minutes of [-5.1, 5.1])
      expect(await deliver(PAYLOAD, signed(body, Math.round(NOW + minutes * MINUTE)), body)).to.deep.equal({
        outcome: 'refused',
        reason: 'replay',
      });
  });

  it('has a time that is signed with it', async () => {
    const body = '{"changed":[]}';
    const of = signed(body, NOW);
    for (const time of ['', 'now', String(NOW + 1), `${NOW} `, '1'.repeat(16)])
      expect(await deliver(PAYLOAD, { ...of, 'x-time': time }, body), time).to.deep.equal({
        outcome: 'refused',
        reason: 'signature',
      });
  });
});
