import { sign, TIME_HEADER } from '../../adapters/bonjour-sante/signature.ts';
import type { Platform, WebhookRequest } from '../../src/adapter/contract.ts';
import { isFault } from '../../src/adapter/faults.ts';
import type { Observation } from '../../src/adapter/observation.ts';
import { FOREVER, instant, SECOND } from '../../src/domain/instant.ts';
import type { Listing, ListingKey } from '../../src/domain/listing.ts';
import type { Changes, DueListing, Recorded, Store, Transaction } from '../../src/engine/ports/store.ts';
import { NO_CHANGES } from '../support/clinic.ts';
import { PATIENT } from './callers.ts';
import { SECRET } from './clinic.ts';
import { HALVES, MOSTLY_RVSQ } from './shares.ts';
import { type Broken, broken, movingBy, reading, rows, schedules } from './variants.ts';

/**
 * Engines that are broken on purpose: the simulation must catch every one of them, or it proves nothing of the one that
 * is whole.
 */

/** As if the platform had done what was asked of it. */
const wanted = (key: ListingKey): Recorded => {
  const { desired, externalId, revision, sequence } = key as DueListing;
  return { known: desired, externalId, revision, sequence };
};

const isNoWithdrawal = ({ kind, desired }: Listing): boolean => kind !== 'offer' || desired !== null;

/** Changes what transactions ask and write. */
const within =
  (change: (transaction: Transaction) => Transaction) =>
  <S extends Pick<Store, 'transaction'>>(store: S): S => ({
    ...store,
    transaction: (work) => store.transaction((transaction) => work(change(transaction))),
  });

/** Writes something else than was decided. */
const writing = (change: (changes: Changes) => Changes) =>
  within((transaction) => ({
    ...transaction,
    apply: (changes, at) => transaction.apply(change(changes), at),
  }));

export const BROKEN: readonly Broken[] = [
  broken('takes its own echo for news', {}, { platform: rows((row) => ({ ...row, mark: null })) }),
  broken(
    'writes again without looking',
    { kills: 6, spells: ['losing', 'failing'] },
    {
      store: (store) => ({
        ...store,
        claimListings: async (connectionId, options) =>
          (await store.claimListings(connectionId, { ...options, writeAhead: false })).map((listing) => ({
            ...listing,
            unsure: false,
          })),
      }),
    },
  ),
  broken(
    'lets two workers write the same at once',
    { from: 7, processes: 2, spells: ['slow'] },
    {
      store: (store) => ({
        ...store,
        claimListings: (connectionId, options) =>
          store.claimListings(connectionId, { ...options, leaseUntil: options.now }),
      }),
    },
  ),
  broken(
    'moves its cursor past what it did not commit',
    {},
    {
      platform: reading((page, { cursor }) =>
        page.kind === 'rows' && cursor !== null && page.rows.length > 0 ? null : page,
      ),
    },
  ),
  broken(
    'misses a row here and there, and calls it all',
    {},
    {
      platform: reading((page) => {
        const isMet = (row: Observation): boolean => row.kind === 'slot' || !/[05]$/.test(row.externalId);
        return page.kind === 'rows' ? { ...page, rows: page.rows.filter(isMet) } : page;
      }),
    },
  ),
  broken(
    'believes a list that lags behind',
    { from: 25, spells: ['lagging'] },
    {
      platform: ({ platform, manifest }) => ({
        platform,
        manifest: { ...manifest, limits: { ...manifest.limits, stalenessMilliseconds: 0 } },
      }),
    },
  ),
  broken(
    'closes time in the name of the patient',
    {},
    {
      platform: ({ platform, manifest }) => {
        const { block, book } = platform.operations;
        if (!block || !book) return { platform, manifest };
        const operations: Platform['operations'] = {
          ...platform.operations,
          block: (command) =>
            command.known ? block(command) : book({ ...command, slot: null, patient: PATIENT, hold: null }),
        };
        return { manifest, platform: { ...platform, operations } };
      },
    },
  ),
  broken(
    'claims time without a lock',
    { from: 22 },
    {
      script: 'alter table busy_period drop constraint if exists never_twice',
      store: (store) => ({
        ...store,
        claimSlot: async ({ busy, listing, appointment, events }, at) => {
          await store.transaction((transaction) =>
            transaction.apply(
              {
                ...NO_CHANGES,
                busy: [{ ...busy, lane: 0 }],
                listings: listing ? [listing] : [],
                appointments: [appointment],
                events,
              },
              at,
            ),
          );
          return true;
        },
      }),
    },
  ),
  broken(
    'commits piece by piece',
    { from: 14, kills: 12 },
    {
      database: (database) => ({ ...database, transaction: (work) => work(database) }),
    },
  ),
  broken(
    'takes a write whose answer was lost for done',
    { spells: ['losing', 'failing'] },
    {
      store: (store) => ({
        ...store,
        recordFailure: (key, failure, at) =>
          failure.unsure ? store.recordKnown(key, wanted(key), at) : store.recordFailure(key, failure, at),
      }),
    },
  ),
  broken(
    'lets no hold of ours go',
    { from: 26 },
    { store: (store) => ({ ...store, expiredHolds: async () => [] }) },
  ),
  broken(
    'judges the end of a hold by the clock of its machine',
    { clocksOff: true, processes: 2 },
    { store: (store, own) => ({ ...store, now: async () => own.now() }) },
  ),
  broken(
    'goes by the clock of its machine',
    { clocksOff: true, processes: 2, release: true, topology: 'publish' },
    { clock: (_, own) => own },
  ),
  broken(
    'shows no conflict',
    { from: 23, conflicts: 'ask' },
    { store: writing((changes) => ({ ...changes, conflicts: [] })) },
  ),
  broken(
    'goes on offering what is taken',
    { topology: 'publish' },
    {
      store: writing((changes) => ({ ...changes, listings: changes.listings.filter(isNoWithdrawal) })),
    },
  ),
  broken(
    'closes a walk-in service to the second patient',
    { walkIn: true },
    { clinic: schedules((schedule) => ({ ...schedule, capacity: 1 })) },
  ),
  broken(
    'goes on selling when all lanes are taken',
    { walkIn: true },
    { clinic: schedules((schedule) => ({ ...schedule, capacity: schedule.capacity + 1 })) },
  ),
  broken(
    'sells what is allotted to another',
    { sharing: HALVES, topology: 'block' },
    {
      script: `
        create or replace function forget_withheld() returns trigger language plpgsql as $$
        begin
          if new.kind = 'block' and exists (select from slot where id = new.subject_id) then new.desired := null; end if;
          return new;
        end $$;
        create or replace trigger forget_withheld before insert or update on listing
          for each row execute function forget_withheld()`,
    },
  ),
  broken(
    'offers to one that is fed what is allotted to another',
    { sharing: HALVES, topology: 'publish' },
    {
      clinic: schedules((schedule) => ({
        ...schedule,
        policy: { ...schedule.policy, sharing: { mode: 'shared' } },
      })),
    },
  ),
  broken(
    'opens what is allotted to another now, and was sold before that was closed',
    { from: 6, sharing: MOSTLY_RVSQ, topology: 'block', spells: ['lagging'] },
    {
      store: (store) => ({
        ...within((transaction) => ({
          ...transaction,
          calendarsSeen: async (calendars) => calendars.map((each) => ({ ...each, asOf: FOREVER })),
        }))(store),
        awaitedTime: store.withheldTime,
      }),
    },
  ),
  broken(
    'goes on selling what its schedule has taken off offer',
    { from: 23, plans: true },
    {
      store: within((transaction) => ({ ...transaction, limitedOfferings: async () => [] })),
    },
  ),
  broken(
    'closes on the platforms what is off offer, and sells it itself',
    { from: 25, plans: true, sharing: { mode: 'shared' }, rushes: 20 },
    {
      store: within((transaction) => ({ ...transaction, markSlots: async () => undefined })),
      script:
        'create or replace function is_offered(schedule text, starts bigint, ends bigint) returns boolean language sql stable as $$ select true $$',
    },
  ),
  broken(
    'sells and offers before the release',
    { release: true },
    {
      clinic: schedules((schedule) => ({
        ...schedule,
        policy: { ...schedule.policy, release: { kind: 'always' } },
      })),
    },
  ),
  broken(
    'offers nothing as its release comes',
    { release: true, topology: 'publish' },
    { store: (store) => ({ ...store, offersAmiss: async () => [] }) },
  ),
  broken(
    'cancels whoever came first',
    // A doctor's conflicts are few, and in most of them nobody came first by more than the clocks are off.
    { conflicts: 'keep-first', topology: 'block', sharing: { mode: 'shared' }, walkIn: true },
    {
      platform: rows((row) =>
        row.kind === 'busy' && row.changedAt !== null
          ? { ...row, changedAt: instant(2 * Date.UTC(2026, 0) - row.changedAt) }
          : row,
      ),
    },
  ),
  broken(
    'says that a booking was moved, and asks nobody',
    { from: 22, conflicts: 'ask', sharing: { mode: 'shared' }, topology: 'block' },
    {
      platform: movingBy(async ({ known: { externalId, revision } }) => ({
        ...{ outcome: 'done', externalId, revision, sequence: null },
      })),
    },
  ),
  broken(
    'moves a booking and goes on showing its old time',
    { from: 22, rushes: 10 },
    {
      store: writing((changes) =>
        changes.events.some(({ type }) => type === 'appointment.moved')
          ? { ...changes, appointments: [] }
          : changes,
      ),
    },
  ),
  broken(
    'takes a move whose answer was lost for refused',
    { from: 35, rushes: 10, spells: ['losing', 'failing'] },
    {
      platform: movingBy((command, move) =>
        move(command).catch((error) => {
          if (isFault(error) && error.kind === 'unsure') return { outcome: 'taken' };
          throw error;
        }),
      ),
    },
  ),
  broken(
    'believes whoever knocks',
    { spells: ['bad messengers'] },
    {
      platform: ({ platform, manifest }) => {
        const { webhook } = platform;
        if (!webhook) return { platform, manifest };
        const signed = ({ headers, body }: WebhookRequest): WebhookRequest => {
          const at = instant(Number(headers[TIME_HEADER]) * SECOND);
          return { body, headers: sign(SECRET, body.toString('utf8'), at) };
        };
        return { manifest, platform: { ...platform, webhook: (request) => webhook(signed(request)) } };
      },
    },
  ),
];
