import { useState } from 'react';
import type { StreamState } from '../api/changes.ts';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { isDay, today } from '../time/zone.ts';
import type { Schedule } from './model.ts';
import { stepOf, type View } from './view.ts';

/** Which days, which schedules, how they are shown. */
export function Toolbar({
  view,
  zone,
  title,
  stream,
  schedules,
  locations,
  onShow,
  onAdd,
}: {
  readonly view: View;
  readonly zone: string;
  readonly title: string;
  readonly stream: StreamState;
  readonly schedules: readonly Schedule[];
  readonly locations: readonly { readonly id: string; readonly name: string }[];
  readonly onShow: (change: Partial<View>) => void;
  /** Null = who looks may add nothing. */
  readonly onAdd: (() => void) | null;
}) {
  const { t, language } = useWords();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const chosen = new Set(view.schedules);
  const toggle = (id: string): void => {
    const all = chosen.size === 0 ? schedules.map((each) => each.id) : [...chosen];
    const next = all.includes(id) ? all.filter((each) => each !== id) : [...all, id];
    onShow({ schedules: next.length === schedules.length ? [] : next });
  };
  return (
    <div className="no-print">
      <div className="page-head">
        <h1>{title}</h1>
        <span className={`live ${stream}`} role="status">
          {t(`agenda.live.${stream}`)}
        </span>
        {onAdd && (
          <button type="button" onClick={onAdd}>
            {t('agenda.add')}
          </button>
        )}
        <button type="button" className="quiet" onClick={() => window.print()}>
          {t('agenda.print')}
        </button>
        <button type="button" className="plain keys" onClick={() => setHelpOpen(true)}>
          {t('agenda.keys')}
        </button>
      </div>
      <div className="toolbar">
        <div className="row">
          <button
            type="button"
            className="quiet"
            aria-label={t(`agenda.before.${view.view}`)}
            onClick={() => onShow({ day: stepOf(view, -1) })}
          >
            <span aria-hidden="true">‹</span>
          </button>
          <button type="button" className="quiet" onClick={() => onShow({ day: today(zone) })}>
            {t('agenda.today')}
          </button>
          <button
            type="button"
            className="quiet"
            aria-label={t(`agenda.after.${view.view}`)}
            onClick={() => onShow({ day: stepOf(view, 1) })}
          >
            <span aria-hidden="true">›</span>
          </button>
        </div>
        <TextField
          type="date"
          label={t('agenda.date')}
          value={view.day}
          onValue={(day) => isDay(day) && onShow({ day })}
        />
        <fieldset className="segmented" aria-label={t('agenda.view')}>
          {(['day', 'week'] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={view.view === each}
              onClick={() => onShow({ view: each })}
            >
              {t(`agenda.${each}`)}
            </button>
          ))}
        </fieldset>
        {locations.length > 1 && (
          <SelectField
            label={t('agenda.location')}
            value={view.location ?? locations[0]?.id ?? ''}
            options={locations.map(({ id, name }) => ({ value: id, text: name }))}
            onValue={(location) => onShow({ location, schedules: [] })}
          />
        )}
        {schedules.length > 1 && (
          <details className="choices">
            <summary>
              {t('agenda.doctors')}{' '}
              <span className="badge">{chosen.size === 0 ? schedules.length : chosen.size}</span>
            </summary>
            <div>
              {schedules.map(({ id, practitioner, service, onOffer }) => (
                <label className="choice" key={id}>
                  <input
                    type="checkbox"
                    checked={chosen.size === 0 || chosen.has(id)}
                    onChange={() => toggle(id)}
                  />
                  {t('agenda.of', { name: practitioner.name, service: service.name[language] })}
                  {!onOffer && <span className="badge warn">{t('agenda.offOffer')}</span>}
                </label>
              ))}
              <button type="button" className="plain" onClick={() => onShow({ schedules: [] })}>
                {t('agenda.allDoctors')}
              </button>
            </div>
          </details>
        )}
      </div>
      {isHelpOpen && <Help onClose={() => setHelpOpen(false)} />}
    </div>
  );
}

const KEYS = [
  ['↑ ↓ ← →', 'arrows'],
  ['⏎', 'enter'],
  ['N', 'n'],
  ['T', 'today'],
  ['J, S', 'views'],
  ['PgUp, PgDn', 'pages'],
  ['Ctrl+Z', 'undo'],
] as const;

function Help({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords();
  return (
    <Dialog title={t('agenda.help.title')} onClose={onClose}>
      <dl className="facts">
        {KEYS.map(([key, name]) => (
          <div className="fact" key={name}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`agenda.help.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
