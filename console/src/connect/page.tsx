import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { type Configuration, clinicOf } from '../configuration/model.ts';
import { useConfiguration } from '../configuration/use-configuration.ts';
import { Ability } from '../connections/ability.tsx';
import { useAdapter } from '../connections/use-connections.ts';
import { useWords } from '../i18n/use-words.ts';
import type { PageProps } from '../pages.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { Editor } from './editor.tsx';
import { FirstReading } from './first-reading.tsx';
import { type Beginning, PlatformChoice } from './platform-choice.tsx';
import '../style/connections.css';
import '../style/connect.css';

/** A connection is added, or changed: which one is in the address. */
export default function ConnectPage({ session }: PageProps) {
  const { t } = useWords();
  const [parameters] = useSearchParams();
  const [saved, setSaved] = useState<string | null>(null);
  const { data, error, refetch } = useConfiguration(session);
  const id = parameters.get('connection');
  return (
    <div className="connect-page">
      <Link href={id === null ? '/connections' : `/connections?connection=${encodeURIComponent(id)}`}>
        {t('connections.all')}
      </Link>
      <div className="page-head">
        <h1>{t(id === null ? 'connect.addTitle' : 'connect.editTitle')}</h1>
      </div>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data === null && <p className="note warn">{t('connect.noFile')}</p>}
      {saved !== null && <Saved id={saved} />}
      {data && saved === null && <Connect key={id} configuration={data} id={id} onSaved={setSaved} />}
      {data === undefined && !error && <p className="loading">{t('loading')}</p>}
    </div>
  );
}

function Saved({ id }: { readonly id: string }) {
  const { t } = useWords();
  return (
    <>
      <FirstReading id={id} />
      <p className="row">
        <Link className="button" href={`/connections?connection=${encodeURIComponent(id)}`}>
          {t('connect.see')}
        </Link>
        <Link className="button quiet" href="/agenda">
          {t('pages.agenda')}
        </Link>
      </p>
    </>
  );
}

/** From which platform it is to be saved. Where the configuration cannot be changed from here it is said why. */
export function Connect({
  configuration,
  id,
  onSaved,
}: {
  readonly configuration: Configuration;
  /** Null = it is new. */
  readonly id: string | null;
  readonly onSaved: (id: string) => void;
}) {
  const { t, language } = useWords();
  const { connections } = clinicOf(configuration);
  const connection = connections.find((each) => each.id === id) ?? null;
  const [chosen, setChosen] = useState<Beginning | null>(null);
  const [begun, setBegun] = useState(0);
  const beginning = connection ? { platform: connection.platform, offered: null } : chosen;
  const { isWritable, reason } = configuration.writable;
  if (!isWritable) return <p className="note warn">{reason?.[language]}</p>;
  if (id !== null && !connection) return <p className="note warn">{t('connect.gone')}</p>;
  if (beginning === null) {
    const offered = configuration.offered.filter(
      (each) => !connections.some((one) => one.id === each.connection['id']),
    );
    return <PlatformChoice offered={offered} onChosen={setChosen} />;
  }
  return (
    <>
      {!connection && (
        <button type="button" className="quiet" onClick={() => setChosen(null)}>
          {t('connect.choice.another')}
        </button>
      )}
      <OfPlatform
        key={begun}
        configuration={configuration}
        connection={connection}
        beginning={beginning}
        onSaved={onSaved}
        onReload={() => setBegun(begun + 1)}
      />
    </>
  );
}

function OfPlatform({ beginning, ...rest }: Omit<Parameters<typeof Editor>[0], 'adapter'>) {
  const { t, language } = useWords();
  const { data, error, refetch } = useAdapter(beginning.platform);
  if (!data) {
    return error ? (
      <ProblemNote error={error} onRetry={() => void refetch()} />
    ) : (
      <p className="loading">{t('loading')}</p>
    );
  }
  return (
    <article className="sheet detail">
      <h2>{data.title[language]}</h2>
      <details>
        <summary>{t('connections.ability.title')}</summary>
        <Ability adapter={data} zone="America/Toronto" />
      </details>
      <Editor {...rest} beginning={beginning} adapter={data} />
    </article>
  );
}
