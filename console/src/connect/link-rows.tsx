import { useState } from 'react';
import { bare, isNamed, type Link, type Person, type Where, type Whose } from '../configuration/links.ts';
import { type Clinic, nameOf, type Topology } from '../configuration/model.ts';
import type { Language } from '../i18n/current.ts';
import { useWords } from '../i18n/use-words.ts';
import { CheckField, SelectField, TextField } from '../parts/field.tsx';

/** Whose each calendar of the platform is: ticked where it is suggested, for a person to look over. */

const NEW = 'new:';

export function LinkRows({
  links,
  clinic,
  topologies,
  where,
  onLinks,
  onWhere,
}: {
  readonly links: readonly Link[];
  readonly clinic: Clinic;
  readonly topologies: readonly Topology[];
  readonly where: Where | null;
  readonly onLinks: (links: readonly Link[]) => void;
  readonly onWhere: (where: Where) => void;
}) {
  const { t } = useWords();
  const change = (id: string, next: Partial<Link>): void =>
    onLinks(links.map((link) => (link.id === id ? { ...link, ...next } : link)));
  const makesSchedules = links.some(({ isLinked, whose }) => isLinked && whose.kind !== 'schedule');
  return (
    <>
      <ul className="bare links">
        {links.map((link) => (
          <LinkRow
            key={link.id}
            link={link}
            clinic={clinic}
            topologies={topologies}
            onChange={(next) => change(link.id, next)}
          />
        ))}
      </ul>
      {makesSchedules && <WhereFields clinic={clinic} where={where} onWhere={onWhere} />}
      <AddCalendar
        taken={links.map(({ id }) => id)}
        onAdd={(id) => onLinks([...links, bare(id, topologies[0] ?? 'block', null)])}
      />
      {links.length > 0 && !links.some(({ isLinked }) => isLinked) && (
        <p className="help">{t('connect.links.noneTicked')}</p>
      )}
    </>
  );
}

function LinkRow({
  link,
  clinic,
  topologies,
  onChange,
}: {
  readonly link: Link;
  readonly clinic: Clinic;
  readonly topologies: readonly Topology[];
  readonly onChange: (next: Partial<Link>) => void;
}) {
  const { t, language } = useWords();
  const { id, name, practitionerName, place, isLinked, whose, because, topology } = link;
  const called = practitionerName ?? name ?? id;
  const about = [name === called ? null : name, id === called ? null : id, place].filter(Boolean);
  return (
    <li className="link" data-calendar={id}>
      <CheckField
        label={called}
        help={about.length === 0 ? undefined : about.join(' · ')}
        checked={isLinked}
        onValue={(isTicked) => onChange({ isLinked: isTicked })}
      />
      {isLinked && (
        <div>
          <SelectField
            label={t('connect.links.whose')}
            help={
              because === null || whose.kind === 'new' ? undefined : t(`connect.links.because.${because}`)
            }
            aria-label={t('connect.links.whoseOf', { calendar: called })}
            value={keyOf(whose)}
            options={[...choicesOf(clinic, language), { value: NEW, text: t('connect.links.new') }]}
            onValue={(key) => onChange({ whose: whoseOf(key, whose) })}
          />
          {whose.kind === 'new' && (
            <PersonFields
              person={whose.person}
              onPerson={(person) => onChange({ whose: { kind: 'new', person } })}
            />
          )}
          {topologies.length > 1 && (
            <SelectField
              label={t('connect.links.topology')}
              aria-label={t('connect.links.topologyOf', { calendar: called })}
              value={topology}
              options={topologies.map((each) => ({
                value: each,
                text: t(`connect.links.topologies.${each}`),
              }))}
              onValue={(text) => onChange({ topology: text as Topology })}
            />
          )}
        </div>
      )}
    </li>
  );
}

const keyOf = (whose: Whose): string => {
  if (whose.kind === 'schedule') return `schedule:${whose.schedule}`;
  return whose.kind === 'practitioner' ? `practitioner:${whose.practitioner}` : NEW;
};

function whoseOf(key: string, before: Whose): Whose {
  const [kind, id = ''] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
  if (kind === 'schedule') return { kind, schedule: id };
  if (kind === 'practitioner') return { kind, practitioner: id };
  return before.kind === 'new' ? before : { kind: 'new', person: { prefix: '', given: '', family: '' } };
}

/** Schedules by whose they are; of who has several also where and for what; and who has none yet. */
function choicesOf({ schedules, practitioners, locations, services }: Clinic, language: Language) {
  return practitioners.flatMap((practitioner) => {
    const own = schedules.filter((each) => each.practitioner === practitioner.id);
    const name = nameOf(practitioner);
    if (own.length === 0) return [{ value: `practitioner:${practitioner.id}`, text: name }];
    return own.map((schedule) => {
      const place = locations.find(({ id }) => id === schedule.location)?.name ?? schedule.location;
      const service = services.find(({ id }) => id === schedule.service)?.name[language] ?? schedule.service;
      const text = own.length === 1 ? name : `${name} – ${place}, ${service}`;
      return { value: `schedule:${schedule.id}`, text };
    });
  });
}

export function PersonFields({
  person,
  onPerson,
}: {
  readonly person: Person;
  readonly onPerson: (person: Person) => void;
}) {
  const { t } = useWords();
  const field = (key: keyof Person) => (
    <TextField
      label={t(`connect.person.${key}`)}
      isRequired={key !== 'prefix'}
      autoComplete="off"
      spellCheck={false}
      value={person[key]}
      onValue={(text) => onPerson({ ...person, [key]: text })}
    />
  );
  return (
    <div className="fields person">
      {field('prefix')}
      {field('given')}
      {field('family')}
    </div>
  );
}

/** Where the schedules are that are made on the way. */
function WhereFields({
  clinic: { locations, services },
  where,
  onWhere,
}: {
  readonly clinic: Clinic;
  readonly where: Where | null;
  readonly onWhere: (where: Where) => void;
}) {
  const { t, language } = useWords();
  if (where === null) return <p className="note warn">{t('connect.links.noPlace')}</p>;
  if (locations.length < 2 && services.length < 2) return null;
  return (
    <fieldset>
      <legend>{t('connect.links.where')}</legend>
      <div className="fields">
        <SelectField
          label={t('connect.links.location')}
          value={where.location}
          options={locations.map(({ id, name }) => ({ value: id, text: name }))}
          onValue={(location) => onWhere({ ...where, location })}
        />
        <SelectField
          label={t('connect.links.service')}
          value={where.service}
          options={services.map(({ id, name }) => ({ value: id, text: name[language] }))}
          onValue={(service) => onWhere({ ...where, service })}
        />
      </div>
    </fieldset>
  );
}

function AddCalendar({
  taken,
  onAdd,
}: {
  readonly taken: readonly string[];
  readonly onAdd: (id: string) => void;
}) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const id = text.trim();
  return (
    <details className="more">
      <summary>{t('connect.links.addTitle')}</summary>
      <div className="row add-calendar">
        <TextField
          label={t('connect.links.id')}
          help={t('connect.links.idHelp')}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onValue={setText}
        />
        <button
          type="button"
          className="quiet"
          disabled={id === '' || taken.includes(id)}
          onClick={() => {
            onAdd(id);
            setText('');
          }}
        >
          {t('form.add')}
        </button>
      </div>
    </details>
  );
}

/** Whether all that is ticked says whose it is. */
export const areWhole = (links: readonly Link[]): boolean =>
  links.every(({ isLinked, whose }) => !isLinked || whose.kind !== 'new' || isNamed(whose.person));
