import { createCipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Clock } from '../../src/domain/environment.ts';
import { HOUR, type Instant, plus, SECOND } from '../../src/domain/instant.ts';
import type { Seal, SealedAs } from '../../src/engine/ports/seal.ts';
import { createStore } from '../../src/store/store.ts';
import { findWrappingKeys } from '../../src/system/key-encryption.ts';
import { openKeyRing } from '../../src/system/key-ring.ts';
import { OperatorError } from '../../src/system/operator-error.ts';
import {
  createKeys,
  DESTROY_MILLISECONDS,
  destroyFormer,
  LEARN_MILLISECONDS,
  type RotationContext,
  sealAnew,
} from '../../src/system/rotation.ts';
import { createSeal } from '../../src/system/seal.ts';
import { at, busy, entries, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

/** Data keys in a real database, and processes that share them. Everything that is sealed here is made up. */

const ONE = Buffer.alloc(32, 1).toString('base64');
const TWO = Buffer.alloc(32, 2).toString('base64');
const NAM = 'FICA01010113';
const DETAILS = {
  family: 'Fictif',
  given: 'Anne',
  phone: null,
  email: null,
  nam: NAM,
  birthDate: '2001-01-01',
};

type Named = { readonly key: string | null; readonly previousKeys: readonly string[] };
const by = (key: string | null, ...previousKeys: string[]): Named => ({ key, previousKeys });

describe('the keys in the database', () => {
  onEachDatabase((open) => {
    const store = () => createStore(open());
    let folder: string;
    let now: Instant;
    const clock: Clock = {
      now: () => now,
      async sleep(milliseconds) {
        now = plus(now, milliseconds);
      },
    };

    before(() => store().applyDirectory(entries(), []));
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'passerelle-keys-'));
      now = at(0);
      await open().script(
        'delete from data_key; delete from listing; delete from appointment; delete from patient; delete from rejected; delete from subscription; delete from busy_period',
      );
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    /** A process that starts. */
    async function start(named: Named, isShared = true): Promise<RotationContext> {
      const wrappingKeys = await findWrappingKeys(folder, named);
      const ring = await openKeyRing({ store: store(), clock, dataFolder: folder, wrappingKeys });
      return { store: store(), ring, seal: createSeal(ring), clock, isShared };
    }
    const refusal = (named: Named): Promise<string> =>
      start(named).then(
        () => 'it started',
        (error: unknown) => (error instanceof OperatorError ? error.message : String(error)),
      );
    const rows = () =>
      open().query<{ id: number; kind: string }>('select id, kind from data_key order by id');
    const dump = async () => JSON.stringify(await open().query('select * from data_key order by id'));

    async function keepPatient(
      n: number,
      hash: Uint8Array | null,
      sealed: Uint8Array,
      updatedMs = 1,
    ): Promise<void> {
      await open().query(
        "insert into patient (id, hash, sealed, updated_ms, over_ms) values ($1, decode($2, 'hex'), decode($3, 'hex'), $4, 5)",
        [uuid(n), hash && Buffer.from(hash).toString('hex'), Buffer.from(sealed).toString('hex'), updatedMs],
      );
    }
    async function appoint(n: number, patient: number | null, sealed: Uint8Array | null): Promise<void> {
      await store().transaction(async (transaction) => {
        await transaction.lockActors(['doctor']);
        await transaction.apply({ ...NO_CHANGES, busy: [busy(n, span(n * 15, n * 15 + 15))] }, now);
      });
      await open().query(
        "insert into appointment (id, schedule_id, start_ms, status, document, updated_ms, patient_id, sealed_patient) values ($1, 'doctor-here', 0, 'pending', '{', 0, $2, decode($3, 'hex'))",
        [uuid(n), patient === null ? null : uuid(patient), sealed && Buffer.from(sealed).toString('hex')],
      );
    }
    const reject = (n: number, sealed: Uint8Array) =>
      store().recordRejected(
        { connectionId: 'vendor', feedId: '*' },
        [{ externalId: `x${n}`, reason: 'no', sealedRaw: sealed }],
        { at: now, since: null },
      );
    async function textsOf(as: SealedAs, seal: Seal): Promise<string[]> {
      const sql = {
        booking:
          'select sealed_patient as sealed from appointment where sealed_patient is not null order by id',
        patient: 'select sealed from patient order by id',
        rejected: 'select sealed_raw as sealed from rejected order by external_id',
        subscription: 'select sealed from subscription order by id',
        totp: 'select totp as sealed from person where totp is not null order by id',
        'sign-in': 'select id_token as sealed from session where id_token is not null order by id',
      }[as];
      const found = await open().query<{ sealed: Uint8Array }>(sql);
      return found.map(({ sealed }) => seal.openText(sealed, as));
    }
    const found = (seal: Seal) => store().patientsByHash(seal.hashes(NAM));

    it('are made at the first start, once, by whichever process is first', async () => {
      const started = await Promise.all([start(by(ONE)), start(by(ONE)), start(by(ONE))]);
      expect((await rows()).map(({ kind }) => kind)).to.deep.equal(['data', 'hash']);
      const [a, b, c] = started as [RotationContext, RotationContext, RotationContext];
      expect(c.seal.openText(a.seal.closeText('qui vient', 'booking'), 'booking')).to.equal('qui vient');
      expect(Buffer.from(a.seal.hash(NAM)).equals(Buffer.from(b.seal.hash(NAM)))).to.equal(true);
      expect(await readdir(folder), 'no key in a file').to.deep.equal([]);
    });

    it('are wrapped by a key of the data folder where the environment names none', async () => {
      const { seal } = await start(by(null));
      expect(await readdir(folder)).to.deep.equal(['sealing-key']);
      const again = await start(by(null));
      expect(again.seal.openText(seal.closeText('qui vient', 'booking'), 'booking')).to.equal('qui vient');
    });

    it('do not lie there in clear', async () => {
      const { ring } = await start(by(ONE));
      const text = await dump();
      const { bytes } = ring.current();
      for (const form of ['hex', 'base64'] as const) expect(text).not.to.contain(bytes.toString(form));
      expect(text).not.to.contain(JSON.stringify([...bytes]).slice(1, -1));
    });

    it('are wrapped anew by another key, that knows the former', async () => {
      const before = await start(by(ONE));
      const sealed = before.seal.closeText('qui vient', 'booking');
      const after = await start(by(TWO, ONE));
      expect(after.seal.openText(sealed, 'booking')).to.equal('qui vient');
      const alone = await start(by(TWO));
      expect(alone.seal.openText(sealed, 'booking')).to.equal('qui vient');
      expect(await refusal(by(ONE))).to.match(/^the data keys in this database are wrapped with another key/);
      await before.ring.refresh();
      expect(before.seal.openText(sealed, 'booking'), 'one that still runs').to.equal('qui vient');
    });

    it('move from the file to the environment, which may then go', async () => {
      const { seal } = await start(by(null));
      const sealed = seal.closeText('qui vient', 'booking');
      await start(by(TWO));
      await rm(join(folder, 'sealing-key'));
      expect((await start(by(TWO))).seal.openText(sealed, 'booking')).to.equal('qui vient');
    });

    it('say what to do when their key is lost or wrong, and nothing is overwritten', async () => {
      await start(by(null));
      const before = await dump();
      expect(await refusal(by(TWO, ONE)), 'the file is there').to.equal('it started');
      await open().script('delete from data_key');
      await start(by(ONE));
      await rm(join(folder, 'sealing-key'));
      const there = await dump();
      expect(there).not.to.equal(before);
      const wrong = await refusal(by(TWO));
      expect(wrong).to.match(/check value [0-9a-f]{16}.*PASSERELLE_KEY_PREVIOUS.*Nothing was changed\.$/);
      const lost = await refusal(by(null));
      expect(lost).to.match(
        /PASSERELLE_KEY is not set, and there is no sealing-key in .*Nothing was changed\.$/,
      );
      for (const message of [wrong, lost]) expect(message).not.to.contain(ONE).and.not.to.contain(TWO);
      expect(await dump()).to.equal(there);
      expect(await readdir(folder), 'no key is made beside a database that has one').to.deep.equal([]);
    });

    it('say so when one of them was changed', async () => {
      await start(by(ONE));
      await open().script(
        "update data_key set wrapped = set_byte(wrapped, 30, get_byte(wrapped, 30) # 1) where kind = 'hash'",
      );
      expect(await refusal(by(ONE))).to.match(/^data key \d+ was changed in the database/);
    });

    describe('are changed', () => {
      it('with everything that they sealed and hashed, and the former ones destroyed', async () => {
        const context = await start(by(ONE));
        const { seal, ring } = context;
        await appoint(1, null, seal.close(DETAILS, 'booking'));
        for (let n = 10; n < 460; n += 1)
          await keepPatient(n, null, seal.close({ ...DETAILS, given: `${n}` }, 'patient'));
        await keepPatient(9, seal.hash(NAM), seal.close(DETAILS, 'patient'));
        await reject(1, seal.closeText('{"nom":"Fictif"}', 'rejected'));
        const [formerData, formerHash] = (await rows()).map(({ id }) => id);
        const told: unknown[] = [];
        const done = await createKeys(context).rotate((progress) => told.push(progress));
        expect(done).to.deep.equal({ sealed: 453, hashed: 1, left: 0 });
        expect(told.length).to.be.greaterThan(4);
        expect(now - at(0), 'every process has learned of it before it is used').to.equal(LEARN_MILLISECONDS);
        const [row] = await open().query<{ form: string }>(
          "select encode(substr(sealed, 5, 4), 'hex') as form from patient where hash is not null and substr(hash, 1, 4) = decode(lpad(to_hex($1::int), 8, '0'), 'hex')",
          [ring.hashKeys()[0].id],
        );
        expect(Number.parseInt(row?.form ?? '', 16)).to.equal(ring.current().id);
        expect(await textsOf('rejected', seal)).to.deep.equal(['{"nom":"Fictif"}']);
        expect(await textsOf('patient', seal)).to.have.length(451);
        expect(await found(seal)).to.deep.equal([uuid(9)]);
        const shown = await createKeys(context).list();
        expect(shown.map(({ kind, state, values }) => [kind, state, values])).to.deep.equal([
          ['data', 'former', 0],
          ['hash', 'former', 0],
          ['data', 'current', 453],
          ['hash', 'current', 1],
        ]);
        expect(await destroyFormer(context), 'a process may hold what it has not written yet').to.deep.equal(
          [],
        );
        now = plus(now, DESTROY_MILLISECONDS);
        expect(await destroyFormer(context)).to.deep.equal([formerData, formerHash]);
        expect((await rows()).map(({ kind }) => kind)).to.deep.equal(['data', 'hash']);
        expect(await textsOf('booking', (await start(by(ONE))).seal)).to.deep.equal([
          JSON.stringify(DETAILS),
        ]);
      });

      it('without waiting where one process has the database', async () => {
        const context = await start(by(ONE), false);
        await createKeys(context).rotate(() => undefined);
        expect(now).to.equal(at(0));
      });

      it('while another process writes with the former, whose values are sealed anew later and never lost', async () => {
        const [one, two] = await Promise.all([start(by(ONE)), start(by(ONE))]);
        await createKeys(one).rotate(() => undefined);
        // It has not read the keys since; what it writes is found, and its key stays for as long as that is there.
        await keepPatient(1, two.seal.hash(NAM), two.seal.close(DETAILS, 'patient'));
        now = plus(now, 2 * HOUR);
        expect(await destroyFormer(one)).to.deep.equal([]);
        expect(await found(one.seal)).to.deep.equal([uuid(1)]);
        expect(await sealAnew(one)).to.deep.equal({ sealed: 1, hashed: 1, left: 0 });
        expect(await destroyFormer(one)).to.have.length(2);
        await two.ring.refresh();
        expect(await found(two.seal)).to.deep.equal([uuid(1)]);
        expect(await textsOf('patient', two.seal)).to.deep.equal([JSON.stringify(DETAILS)]);
      });

      it('before they are used: a process that reads them in time can open what comes', async () => {
        const [one, two] = await Promise.all([start(by(ONE)), start(by(ONE))]);
        const before = two.ring.current().id;
        const rotating = createKeys({
          ...one,
          clock: {
            now: clock.now,
            async sleep(milliseconds) {
              now = plus(now, milliseconds - 1 * SECOND);
              expect(one.ring.current().id, 'not yet').to.equal(before);
              await two.ring.refresh();
              now = plus(now, 1 * SECOND);
            },
          },
        }).rotate(() => undefined);
        await rotating;
        expect(one.ring.current().id).not.to.equal(before);
        expect(two.seal.openText(one.seal.closeText('qui vient', 'booking'), 'booking')).to.equal(
          'qui vient',
        );
      });

      it('and make one of two that were made of one person meanwhile', async () => {
        const [one, two] = await Promise.all([start(by(ONE)), start(by(ONE))]);
        await keepPatient(1, one.seal.hash(NAM), one.seal.close(DETAILS, 'patient'), 1);
        await appoint(1, 1, null);
        await createKeys({ ...one, store: { ...one.store, hashedOtherwise: async () => [] } }).rotate(
          () => undefined,
        );
        // Somebody books for the same person before the hash of the first is made anew.
        await keepPatient(
          2,
          one.seal.hash(NAM),
          one.seal.close({ ...DETAILS, given: 'Anne Marie' }, 'patient'),
          2,
        );
        await appoint(2, 2, null);
        expect((await found(one.seal)).sort(), 'both are found meanwhile').to.deep.equal([uuid(1), uuid(2)]);
        await sealAnew(one);
        expect(await found(one.seal)).to.deep.equal([uuid(1)]);
        expect(await textsOf('patient', one.seal)).to.deep.equal([
          JSON.stringify({ ...DETAILS, given: 'Anne Marie' }),
        ]);
        const appointments = await open().query('select patient_id::text from appointment order by id');
        expect(appointments).to.deep.equal([{ patient_id: uuid(1) }, { patient_id: uuid(1) }]);
        expect(await found(two.seal), 'a process that knows only the former hash').to.deep.equal([]);
        await two.ring.refresh();
        expect(await found(two.seal)).to.deep.equal([uuid(1)]);
      });

      it('and leave what was changed in the database as it is, with its key, and say so', async () => {
        const context = await start(by(ONE));
        const { seal } = context;
        await keepPatient(1, null, seal.close(DETAILS, 'patient'));
        await keepPatient(2, null, seal.close(DETAILS, 'patient'));
        await open().script(
          `update patient set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where id = '${uuid(1)}'`,
        );
        const done = await createKeys(context).rotate(() => undefined);
        expect(done).to.deep.equal({ sealed: 1, hashed: 0, left: 1 });
        now = plus(now, DESTROY_MILLISECONDS);
        expect(await destroyFormer(context), 'the hash key alone').to.have.length(1);
        expect((await createKeys(context).list()).map(({ state, values }) => [state, values])).to.deep.equal([
          ['former', 1],
          ['current', 1],
          ['current', 0],
        ]);
      });

      it('again, where the one before was cut short', async () => {
        const context = await start(by(ONE));
        for (let n = 1; n <= 3; n += 1) await keepPatient(n, null, context.seal.close(DETAILS, 'patient'));
        const dying = { ...context.store, reseal: () => Promise.reject(new Error('the process was killed')) };
        const died = await createKeys({ ...context, store: dying })
          .rotate(() => undefined)
          .catch(() => 'killed');
        expect(died).to.equal('killed');
        expect(await sealAnew(await start(by(ONE)))).to.deep.equal({ sealed: 3, hashed: 0, left: 0 });
      });
    });

    describe('of before there were data keys', () => {
      const key = randomBytes(32);
      const hashKey = Buffer.from(
        hkdfSync('sha256', key, '', 'passerelle: patient by health insurance number', 32),
      );
      const sealedThen = (text: string): Buffer => {
        const nonce = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', key, nonce);
        const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
        return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
      };
      beforeEach(async () => {
        const hash = createHmac('sha256', hashKey).update(`nam\n${NAM}`).digest();
        await keepPatient(1, hash, sealedThen(JSON.stringify(DETAILS)));
        await reject(1, sealedThen('{"nom":"Fictif"}'));
      });

      it('become one of them, so that all still opens, and are destroyed once all is sealed anew', async () => {
        const context = await start(by(key.toString('base64')));
        expect((await rows()).map(({ kind }) => kind)).to.deep.equal(['legacy', 'data', 'hash']);
        expect(await textsOf('patient', context.seal)).to.deep.equal([JSON.stringify(DETAILS)]);
        expect(await found(context.seal)).to.deep.equal([uuid(1)]);
        const shown = await createKeys(context).list();
        expect(shown.map(({ kind, state, values }) => [kind, state, values])).to.deep.equal([
          ['legacy', 'former', 3],
          ['data', 'current', 0],
          ['hash', 'current', 0],
        ]);
        now = plus(now, DESTROY_MILLISECONDS);
        expect(await destroyFormer(context)).to.deep.equal([]);
        expect(await sealAnew(context)).to.deep.equal({ sealed: 2, hashed: 1, left: 0 });
        expect(await destroyFormer(context)).to.have.length(1);
        const later = await start(by(key.toString('base64')));
        expect(await textsOf('rejected', later.seal)).to.deep.equal(['{"nom":"Fictif"}']);
        expect(await found(later.seal)).to.deep.equal([uuid(1)]);
      });

      it('are found in the file, and among the former ones', async () => {
        expect(await refusal(by(ONE))).to.match(
          /^this database has sealed values that none of the keys opens/,
        );
        expect(await refusal(by(null))).to.match(/^this database has sealed values/);
        expect([await rows(), await readdir(folder)]).to.deep.equal([[], []]);
        await writeFile(join(folder, 'sealing-key'), key.toString('base64'));
        expect(await textsOf('patient', (await start(by(ONE))).seal)).to.have.length(1);
        await open().script('delete from data_key');
        await rm(join(folder, 'sealing-key'));
        expect(await textsOf('patient', (await start(by(ONE, key.toString('base64')))).seal)).to.have.length(
          1,
        );
      });
    });
  });
});
