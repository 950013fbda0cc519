import { useState } from 'react';
import { clinicOf, nameOf } from '../configuration/model.ts';
import { Connect } from '../connect/page.tsx';
import { useStatus } from '../connections/use-connections.ts';
import { useWords } from '../i18n/use-words.ts';
import type { StepProps } from './page.tsx';
import { calendarsOf, mirrored } from './steps.ts';

/** Which doctor has a calendar on which platform: whoever is on two of them is mirrored. */
export function LinksStep({ configuration, onDone }: StepProps) {
  const { t, language } = useWords();
  const [changing, setChanging] = useState<string | null>(null);
  const status = useStatus();
  const clinic = clinicOf(configuration);
  const { practitioners, connections } = clinic;
  const both = mirrored(clinic);
  if (changing !== null) {
    return <Connect configuration={configuration} id={changing} onSaved={() => setChanging(null)} />;
  }
  const titleOf = (id: string): string =>
    status.data?.connections.find((each) => each.id === id)?.title[language] ?? id;
  return (
    <>
      <p className={both.length > 0 ? 'note' : 'note warn'}>
        {both.length > 0
          ? t('setUp.links.mirrored', { names: both.map(nameOf).join(', ') })
          : t('setUp.links.none')}
      </p>
      <div className="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('setUp.links.doctor')}</th>
              {connections.map(({ id }) => (
                <th key={id} scope="col">
                  {titleOf(id)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {practitioners.map((each) => (
              <tr key={each.id}>
                <th scope="row">{nameOf(each)}</th>
                {connections.map((connection) => (
                  <td key={connection.id}>
                    {calendarsOf(each, connection, clinic)
                      .map(({ id }) => id)
                      .join(', ') || t('setUp.links.notThere')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        <button type="button" className={both.length > 0 ? '' : 'quiet'} onClick={onDone}>
          {t(both.length > 0 ? 'setUp.goOn' : 'setUp.goOnAnyway')}
        </button>
        {connections.map(({ id }) => (
          <button key={id} type="button" className="quiet" onClick={() => setChanging(id)}>
            {t('setUp.links.change', { title: titleOf(id) })}
          </button>
        ))}
      </div>
    </>
  );
}
