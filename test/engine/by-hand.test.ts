import { expect } from 'chai';
import { ClinicByHand, type SeenTask } from '../support/by-hand.ts';
import { until } from '../support/servers.ts';
import { ACTORS, type SimSlot } from '../support/simulated-site.ts';

/** A platform that a person looks after, in a whole gateway: what is asked of them, ticked, told late, listed. */
describe('a platform that is kept by hand', () => {
  let clinic: ClinicByHand;
  let slots: readonly SimSlot[];
  before(async () => {
    clinic = await ClinicByHand.open();
    slots = (await clinic.rvsq.laterSlots(ACTORS[0])).slice(0, 60);
  });
  after(() => clinic.close());

  const slot = (index: number): SimSlot => {
    const found = slots[index];
    if (!found) throw new Error('too few slots');
    return found;
  };
  const statusOf = async (index: number): Promise<string> => (await clinic.rvsq.slot(slot(index).id)).status;
  const tell = (task: SeenTask, deed: string) =>
    clinic.ask<SeenTask & { issue?: { diagnostics: string }[] }>('POST', `/api/tasks/${task.id}/${deed}`);
  const differing = async (): Promise<number> => {
    const { json } = await clinic.ask<{ connections: { id: string; differing: number }[] }>(
      'GET',
      '/api/status',
    );
    return json.connections.find(({ id }) => id === 'accueil')?.differing ?? -1;
  };
  const nothingOpen = () => until('nothing is to be done', async () => (await clinic.tasks()).length === 0);

  it('is read by a list: its slots are known, and it is confirmed as of when it was seen', async () => {
    const { status, json } = await clinic.import(slots.map((each) => [each, 'libre'] as const));
    expect([status, json.rows]).to.deep.equal([200, slots.length]);
    expect(json.calendars).to.deep.equal([{ calendar: ACTORS[0], confirmed: false, isSuspect: false }]);
    await clinic.rvsq.faults({});
  });

  it('says of what lists can be brought, and of no platform that is read by itself', async () => {
    const { json } = await clinic.ask<{ connections: { id: string; lists?: object[] }[] }>(
      'GET',
      '/api/status',
    );
    const listsOf = (id: string) => json.connections.find((each) => each.id === id)?.lists;
    expect(listsOf('rvsq')).to.equal(undefined);
    expect(listsOf('accueil')).to.deep.equal(
      ACTORS.map((actor) => ({
        calendar: actor,
        practitioner: `Dr Essai ${actor}`,
        location: 'Ici',
        timeZone: 'America/Toronto',
      })),
    );
  });

  it('has a task for what was booked elsewhere, which vanishes when that is cancelled first', async () => {
    const booking = await clinic.rvsq.book(slot(0).id);
    const task = await clinic.task('block');
    expect(Date.parse(task.start)).to.equal(Date.parse(slot(0).start));
    expect(task.text.fr).to.match(/^Fermer .* — Dr Tremblay, Accueil$/);
    expect(task.text.en).to.match(/^Close .* — Dr Tremblay, Accueil$/);
    await clinic.rvsq.cancel(booking);
    await nothingOpen();
    expect((await clinic.ask<SeenTask>('GET', `/api/tasks/${task.id}`)).json.state).to.equal('withdrawn');
    expect(await differing()).to.equal(0);
  });

  it('keeps its tasks over a restart, tells of one that is late by mail, once, and takes the tick', async () => {
    const booking = await clinic.rvsq.book(slot(1).id);
    const task = await clinic.task('block');
    await until('its deadline has passed', async () => (await clinic.tasks('overdue')).length === 1);
    await clinic.stop();
    clinic.mail.refuse = 1;
    await clinic.start();
    await until('the mail is refused at first', async () => clinic.mail.refuse === 0);
    expect((await clinic.tasks()).map(({ id }) => id)).to.deep.equal([task.id]);
    expect(clinic.mail.mails).to.deep.equal([]);
    expect((await tell(task, 'done')).json).to.include({ state: 'done', endedBy: 'administrator' });
    expect(await differing()).to.equal(0);
    const again = await tell(task, 'done');
    expect([again.status, again.json.issue?.[0]?.diagnostics]).to.deep.equal([
      409,
      'this task is not to be done any more: it was done, says administrator',
    ]);
    const types = clinic.events.map(({ type }) => type);
    expect(types).to.include.members(['task.asked', 'task.done', 'listing.closed', 'tasks.not-escalated']);
    const metrics = await (await clinic.raw('/metrics')).text();
    expect(metrics).to.match(/passerelle_task_late_seconds_count\{connection="accueil"\} 1/);
    expect(metrics).to.match(/passerelle_tasks_open\{connection="accueil"\} 0/);

    expect((await tell(task, 'undo')).status).to.equal(200);
    expect((await clinic.task('block')).id).to.equal(task.id);
    await tell(task, 'done');
    await clinic.rvsq.cancel(booking);
    const reopen = await clinic.task('unblock');
    expect(reopen.text.en).to.match(/^Reopen: /);
    expect((await tell(reopen, 'done')).status).to.equal(200);
    expect((await tell(task, 'undo')).status, 'all has changed since').to.equal(409);
    await nothingOpen();
  });

  it('closes elsewhere what a list shows as booked, and opens it again', async () => {
    await clinic.import([[slot(3), 'réservé']]);
    await until('RVSQ is closed', async () => (await statusOf(3)) === 'blocked');
    expect(await clinic.tasks()).to.deep.equal([]);
    await clinic.import([[slot(3), 'libre']]);
    await until('RVSQ is open', async () => (await statusOf(3)) === 'free');
  });

  it('knows what was asked for in a list, so that it is no news; and what is listed as done is done', async () => {
    const booking = await clinic.rvsq.book(slot(4).id);
    const task = await clinic.task('block');
    await clinic.import([[slot(4), 'bloqué']]);
    await nothingOpen();
    expect((await clinic.ask<SeenTask>('GET', `/api/tasks/${task.id}`)).json.state).to.equal('seen');
    expect(await statusOf(4), 'it stays the patient’s').to.equal('busy');
    await clinic.import([[slot(4), 'libre']]);
    expect((await clinic.task('block')).id, 'somebody opened it: asked anew').not.to.equal(task.id);
    await clinic.rvsq.cancel(booking);
    await nothingOpen();
    expect(await statusOf(4)).to.equal('free');
  });

  it('takes what a complete list does not show for gone, within the limits of a reading', async () => {
    const day = slot(0).start.slice(0, 10);
    const ofDay = slots.filter(({ start }) => start.slice(0, 10) === day);
    await clinic.import([[slot(5), 'réservé']]);
    await until('RVSQ is closed', async () => (await statusOf(5)) === 'blocked');
    const kept = ofDay.filter(({ id }) => id !== slot(5).id);
    await clinic.import(
      kept.map((each) => [each, 'libre'] as const),
      { complete: { from: day, to: day } },
    );
    await until('RVSQ is open again', async () => (await statusOf(5)) === 'free');
    const { json } = await clinic.ask<{ connections: { id: string; slots: number }[] }>('GET', '/api/status');
    expect(json.connections.find(({ id }) => id === 'accueil')?.slots).to.equal(slots.length - 1);
    const left = slots.filter(({ id }) => id !== slot(5).id).map((each) => [each, 'libre'] as const);
    const far = new Date(Date.now() + 21 * 86_400_000).toISOString().slice(0, 10);
    const today = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const whole = await clinic.import(left, { complete: { from: today, to: far } });
    expect(whole.json.calendars, 'as far ahead as it is read').to.deep.equal([
      { calendar: ACTORS[0], confirmed: true, isSuspect: false },
    ]);
    const few = await clinic.import(left.slice(0, 1), { complete: { from: today, to: far } });
    expect(few.json.calendars, 'nearly all of it is missing').to.deep.equal([
      { calendar: ACTORS[0], confirmed: false, isSuspect: true },
    ]);
    const back = await clinic.import(left, { complete: { from: today, to: far } });
    expect(back.json.calendars[0]).to.include({ confirmed: true, isSuspect: false });
  });

  it('makes a conflict of a patient whom the secretary finds in that time', async () => {
    const booking = await clinic.rvsq.book(slot(6).id);
    const task = await clinic.task('block');
    const taken = await tell(task, 'taken');
    expect([taken.status, taken.json.state]).to.deep.equal([200, 'taken']);
    await nothingOpen();
    const { json } = await clinic.ask<{ conflicts: { bookings: Record<string, { connection: string }> }[] }>(
      'GET',
      '/api/conflicts',
    );
    expect(
      json.conflicts.map(({ bookings }) => [bookings['a']?.connection, bookings['b']?.connection].sort()),
    ).to.deep.equal([['accueil', 'rvsq']]);
    expect(await differing(), 'nothing of ours stands there').to.equal(1);
    await clinic.rvsq.cancel(booking);
    await until('RVSQ is closed for who came by hand', async () => (await statusOf(6)) === 'blocked');
    // Nothing is left to be done there, so nobody will be asked to open it either.
    await until('nothing is wanted there', async () => (await differing()) === 0);
    expect(await clinic.tasks()).to.deep.equal([]);
    await clinic.import([[slot(6), 'libre']]);
    await until('all is free', async () => (await statusOf(6)) === 'free');
    await nothingOpen();
  });

  it('changes nothing by a list with a line that cannot be read, unless it is said to be partial', async () => {
    const lines = [[slot(7), 'réservé'] as const, [slot(8), 'peut-être'] as const];
    const { status, json } = await clinic.import(lines);
    expect([
      status,
      (json as unknown as { issue: { diagnostics: string }[] }).issue[0]?.diagnostics,
    ]).to.deep.equal([422, 'line 3: this status is not in mappings/manual/status.json']);
    expect(await statusOf(7)).to.equal('free');
    expect((await clinic.import(lines, { partial: true })).status).to.equal(200);
    await until('the other line was taken', async () => (await statusOf(7)) === 'blocked');
  });

  it('refuses a list from the future, from long ago, or of a calendar that it has not', async () => {
    for (const more of [
      { seenAt: new Date(Date.now() + 3_600_000).toISOString() },
      { seenAt: new Date(Date.now() - 8 * 86_400_000).toISOString() },
      { calendar: 'dr-personne' },
      { complete: { from: '2026-02-30' } },
    ])
      expect((await clinic.import([[slot(9), 'réservé']], more)).status, JSON.stringify(more)).to.equal(422);
    expect(await statusOf(9)).to.equal('free');
    expect((await clinic.ask('POST', '/api/connections/rvsq/lists', { text: 'x' })).status).to.equal(422);
  });

  it('tells of what is late in one mail, in French first', async () => {
    await clinic.rvsq.book(slot(10).id);
    await clinic.rvsq.book(slot(11).id);
    await until('both are late', async () => (await clinic.tasks('overdue')).length === 2);
    await clinic.stop();
    await clinic.start();
    await until('the mail is there', async () => clinic.mail.mails.length > 0);
    const [mail, ...more] = clinic.mail.mails;
    expect(more).to.deep.equal([]);
    expect(mail?.to).to.deep.equal(['accueil@clinique.example']);
    expect(mail?.subject).to.equal('2 tâches en retard sur Accueil / 2 tasks overdue on Front desk');
    for (const { id, text } of await clinic.tasks()) {
      for (const part of [id, text.fr, text.en]) expect(mail?.text).to.include(part);
    }
    expect(mail?.text.indexOf('en retard')).to.be.lessThan(mail?.text.indexOf('overdue') ?? 0);
  });
});
