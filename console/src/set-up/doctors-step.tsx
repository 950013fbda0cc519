import { type FormEvent, useState } from 'react';
import type { Change } from '../configuration/commands.ts';
import { freeId } from '../configuration/ids.ts';
import { isNamed, type Person, practitionerOf } from '../configuration/links.ts';
import { type Clinic, clinicOf, nameOf } from '../configuration/model.ts';
import { useChange } from '../configuration/use-configuration.ts';
import { PersonFields } from '../connect/link-rows.tsx';
import { useWords } from '../i18n/use-words.ts';
import { TextField } from '../parts/field.tsx';
import type { StepProps } from './page.tsx';
import { StepEnd } from './step-end.tsx';

/** Who sees patients, and for what. */

const NOBODY: Person = { prefix: '', given: '', family: '' };
type Row = { readonly id: number; readonly person: Person };

export function DoctorsStep({ configuration, onDone }: StepProps) {
  const { t } = useWords();
  const clinic = clinicOf(configuration);
  const { practitioners, services } = clinic;
  const [service, setService] = useState(services[0]?.name ?? SERVICE);
  const [rows, setRows] = useState<readonly Row[]>(
    practitioners.length === 0 ? [{ id: 0, person: NOBODY }] : [],
  );
  const saving = useChange();
  const added = rows.map(({ person }) => person).filter(isNamed);
  const isWhole =
    service.fr.trim() !== '' &&
    service.en.trim() !== '' &&
    practitioners.length + added.length > 0 &&
    rows.every(({ person }) => isNamed(person));

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate({ changes: changesOf(clinic, service, added), seen: configuration }, { onSuccess: onDone });
  };
  return (
    <form noValidate onSubmit={onSubmit}>
      <p className="quiet-text">{t('form.needed')}</p>
      <div className="fields">
        <TextField
          label={t('setUp.doctors.service')}
          help={t('setUp.doctors.serviceHelp')}
          isRequired
          autoComplete="off"
          value={service.fr}
          onValue={(fr) => setService({ ...service, fr })}
        />
        <TextField
          label={t('setUp.doctors.serviceEnglish')}
          isRequired
          autoComplete="off"
          value={service.en}
          onValue={(en) => setService({ ...service, en })}
        />
      </div>
      <h3>{t('setUp.doctors.title')}</h3>
      <p className="quiet-text">{t('setUp.doctors.help')}</p>
      {practitioners.length > 0 && (
        <ul>
          {practitioners.map((each) => (
            <li key={each.id}>{nameOf(each)}</li>
          ))}
        </ul>
      )}
      {rows.map(({ id, person }, index) => (
        <fieldset key={id}>
          <legend>{t('setUp.doctors.number', { number: practitioners.length + index + 1 })}</legend>
          <PersonFields
            person={person}
            onPerson={(next) => setRows(rows.map((row) => (row.id === id ? { id, person: next } : row)))}
          />
          {practitioners.length + rows.length > 1 && (
            <p>
              <button
                type="button"
                className="quiet"
                onClick={() => setRows(rows.filter((row) => row.id !== id))}
              >
                {t('form.remove')}
              </button>
            </p>
          )}
        </fieldset>
      ))}
      <button
        type="button"
        className="quiet"
        onClick={() => setRows([...rows, { id: (rows.at(-1)?.id ?? 0) + 1, person: NOBODY }])}
      >
        {t('setUp.doctors.add')}
      </button>
      <StepEnd saving={saving} isWhole={isWhole} />
    </form>
  );
}

const SERVICE = { fr: 'Consultation', en: 'Consultation' };

/** The service, who is new, and a schedule for each who has none. */
function changesOf(
  clinic: Clinic,
  name: { fr: string; en: string },
  added: readonly Person[],
): readonly Change[] {
  const { services, schedules, locations } = clinic;
  const there = services[0];
  const service = there?.id ?? freeId(name.fr, [], 'service');
  const practitioners = [...clinic.practitioners];
  for (const person of added) practitioners.push(practitionerOf(person, [], practitioners));
  const put = (list: 'services' | 'practitioners' | 'schedules', id: string, value: object): Change => ({
    ...{ edit: 'put', list, id },
    value: { ...value, id },
  });
  const isSame = there?.name.fr === name.fr && there.name.en === name.en;
  return [
    ...(isSame ? [] : [put('services', service, { ...there, name })]),
    ...practitioners.slice(clinic.practitioners.length).map((each) => put('practitioners', each.id, each)),
    ...practitioners
      .filter(({ id }) => !schedules.some(({ practitioner }) => practitioner === id))
      .map(({ id }) =>
        put(
          'schedules',
          freeId(
            id,
            schedules.map((each) => each.id),
            'horaire',
          ),
          {
            practitioner: id,
            location: locations[0]?.id ?? '',
            service,
          },
        ),
      ),
  ];
}
