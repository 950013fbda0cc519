import { type FormEvent, useState } from 'react';
import type { Change } from '../configuration/commands.ts';
import { freeId, slugOf } from '../configuration/ids.ts';
import { clinicOf } from '../configuration/model.ts';
import { useChange } from '../configuration/use-configuration.ts';
import { type Entry, entryOf, withKey } from '../form/value.ts';
import { useWords } from '../i18n/use-words.ts';
import { SelectField, TextField } from '../parts/field.tsx';
import type { StepProps } from './page.tsx';
import { StepEnd } from './step-end.tsx';

/** Whose clinic it is, and where. */

const ZONES = [
  'America/Toronto',
  'America/Halifax',
  'America/St_Johns',
  'America/Blanc-Sablon',
  'America/Winnipeg',
  'America/Regina',
  'America/Edmonton',
  'America/Vancouver',
] as const;
const ADDRESS = ['line', 'city', 'postalCode'] as const;

export function ClinicStep({ configuration, onDone }: StepProps) {
  const { t } = useWords();
  const { organization, organizations, locations } = clinicOf(configuration);
  const there = locations[0];
  const [name, setName] = useState(organization?.name ?? '');
  const [place, setPlace] = useState<Entry>(() => ({ timeZone: ZONES[0], ...there }));
  const saving = useChange();
  const address = entryOf(place['address']);
  const text = (of: Entry, key: string): string => String(of[key] ?? '');
  const zones = [...new Set([...ZONES, text(place, 'timeZone')])];
  const nameOf = (zone: string): string => (isCommon(zone) ? t(`setUp.clinic.zones.${zone}`) : zone);
  const isOfSeveral = organization === null && organizations.length > 0;
  const isWhole = (isOfSeveral || name.trim() !== '') && (place['name'] !== undefined || name.trim() !== '');

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const changes: Change[] = [];
    if (!isOfSeveral) {
      const id = organization?.id ?? (slugOf(name) || 'clinique');
      changes.push({ edit: 'organization', value: { ...organization, id, name: name.trim() } });
    }
    const called = text(place, 'name').trim() || name.trim();
    const id = there?.id ?? freeId(called, [], 'clinique');
    changes.push({ edit: 'put', list: 'locations', id, value: { ...filled(place), id, name: called } });
    saving.mutate({ changes, seen: configuration }, { onSuccess: onDone });
  };
  return (
    <form noValidate onSubmit={onSubmit}>
      <p className="quiet-text">{t('form.needed')}</p>
      {!isOfSeveral && (
        <TextField
          label={t('setUp.clinic.name')}
          help={t('setUp.clinic.nameHelp')}
          isRequired
          autoComplete="organization"
          value={name}
          onValue={setName}
        />
      )}
      {isOfSeveral && (
        <SelectField
          label={t('setUp.clinic.organization')}
          isRequired
          value={text(place, 'organization')}
          options={['', ...organizations.map(({ id }) => id)].map((id) => ({
            value: id,
            text: organizations.find((each) => each.id === id)?.name ?? t('form.choose'),
          }))}
          onValue={(id) => setPlace(withKey(place, 'organization', id))}
        />
      )}
      <TextField
        label={t('setUp.clinic.place')}
        help={t('setUp.clinic.placeHelp')}
        autoComplete="off"
        placeholder={name}
        value={text(place, 'name')}
        onValue={(next) => setPlace(withKey(place, 'name', next === '' ? undefined : next))}
      />
      <SelectField
        label={t('setUp.clinic.zone')}
        help={t('setUp.clinic.zoneHelp')}
        isRequired
        value={text(place, 'timeZone')}
        options={zones.map((zone) => ({ value: zone, text: nameOf(zone) }))}
        onValue={(zone) => setPlace(withKey(place, 'timeZone', zone))}
      />
      <details className="more" open={there !== undefined || undefined}>
        <summary>{t('setUp.clinic.more')}</summary>
        <div className="fields">
          {ADDRESS.map((key) => (
            <TextField
              key={key}
              label={t(`setUp.clinic.${key}`)}
              autoComplete="off"
              value={text(address, key)}
              onValue={(next) => setPlace(withKey(place, 'address', withKey(address, key, next)))}
            />
          ))}
          <TextField
            label={t('setUp.clinic.phone')}
            type="tel"
            autoComplete="off"
            value={text(place, 'phone')}
            onValue={(next) => setPlace(withKey(place, 'phone', next))}
          />
        </div>
      </details>
      <StepEnd saving={saving} isWhole={isWhole} />
    </form>
  );
}

const isCommon = (zone: string): zone is (typeof ZONES)[number] => ZONES.some((each) => each === zone);

/** Without what was left empty. */
function filled(place: Entry): Entry {
  const text = (value: unknown): boolean => typeof value !== 'string' || value.trim() !== '';
  const address = Object.entries(entryOf(place['address'])).filter(([, value]) => text(value));
  const others = Object.entries(place).filter(([key, value]) => key !== 'address' && text(value));
  return Object.fromEntries([
    ...others,
    ...(address.length === 0 ? [] : [['address', Object.fromEntries(address)] as const]),
  ]);
}
