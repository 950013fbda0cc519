import { useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { type Configuration, clinicOf } from '../configuration/model.ts';
import { useConfiguration } from '../configuration/use-configuration.ts';
import { FirstReading } from '../connect/first-reading.tsx';
import { Connect } from '../connect/page.tsx';
import { useWords } from '../i18n/use-words.ts';
import type { PageProps } from '../pages.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { ClinicStep } from './clinic-step.tsx';
import { DoctorsStep } from './doctors-step.tsx';
import { LinksStep } from './links-step.tsx';
import { isDone, isOpen, nextOf, STEPS, type Step, stepAfter } from './steps.ts';
import '../style/connections.css';
import '../style/connect.css';

/** The first run: step by step, each saved for real, so that whoever leaves goes on where they were. */
export default function SetUpPage({ session }: PageProps) {
  const { t, language } = useWords();
  const { data, error, refetch } = useConfiguration(session);
  if (!data) {
    if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
    return data === null ? (
      <p className="note warn">{t('connect.noFile')}</p>
    ) : (
      <p className="loading">{t('loading')}</p>
    );
  }
  return (
    <div className="connect-page set-up">
      <div className="page-head">
        <h1>{t('setUp.title')}</h1>
      </div>
      <p>{t(data.offered.length > 0 ? 'setUp.demonstration' : 'setUp.intro')}</p>
      {data.writable.isWritable ? (
        <Steps configuration={data} />
      ) : (
        <p className="note warn">{data.writable.reason?.[language]}</p>
      )}
    </div>
  );
}

function Steps({ configuration }: { readonly configuration: Configuration }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const [parameters] = useSearchParams();
  const clinic = clinicOf(configuration);
  // Where it goes on is looked at when it is begun, and not while a step is filled in.
  const [begun] = useState(() => nextOf(clinic));
  const asked = STEPS.find((each) => each === parameters.get('step'));
  const step = asked && isOpen(asked, clinic) ? asked : begun;
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) heading.current?.focus();
    before.current = step;
  }, [step]);
  return (
    <>
      <ol className="steps" aria-label={t('setUp.steps')}>
        {STEPS.map((each) => (
          <li key={each} className={isDone(each, clinic) ? 'finished' : ''}>
            {isOpen(each, clinic) ? (
              <Link href={addressOf(each)} aria-current={each === step ? 'step' : undefined}>
                {t(`setUp.names.${each}`)}
                {isDone(each, clinic) && <span className="visually-hidden"> ({t('setUp.finished')})</span>}
              </Link>
            ) : (
              <span>{t(`setUp.names.${each}`)}</span>
            )}
          </li>
        ))}
      </ol>
      <section className={step === 'first' || step === 'second' ? '' : 'sheet'} aria-labelledby="step">
        <h2 id="step" ref={heading} tabIndex={-1}>
          {t(`setUp.titles.${step}`)}
        </h2>
        <OneStep
          key={step}
          step={step}
          configuration={configuration}
          onDone={() => go(addressOf(stepAfter(step)))}
        />
      </section>
    </>
  );
}

const addressOf = (step: Step): string => `/set-up?step=${step}`;

export type StepProps = {
  readonly configuration: Configuration;
  readonly onDone: () => void;
};

function OneStep({ step, ...rest }: StepProps & { readonly step: Step }) {
  const { t } = useWords();
  switch (step) {
    case 'clinic':
      return <ClinicStep {...rest} />;
    case 'doctors':
      return <DoctorsStep {...rest} />;
    case 'first':
      return <PlatformStep {...rest} index={0} />;
    case 'second':
      return <PlatformStep {...rest} index={1} />;
    case 'links':
      return <LinksStep {...rest} />;
    case 'done':
      return (
        <>
          <p>{t('setUp.done.text')}</p>
          <p className="row">
            <Link className="button" href="/agenda">
              {t('setUp.done.agenda')}
            </Link>
            <Link className="button quiet" href="/connections">
              {t('setUp.done.connections')}
            </Link>
          </p>
        </>
      );
  }
}

/** A platform is connected; one that is already can be looked at again. */
function PlatformStep({ configuration, index, onDone }: StepProps & { readonly index: number }) {
  const { t } = useWords();
  const connection = clinicOf(configuration).connections[index];
  const [isChanging, setChanging] = useState(false);
  if (!connection || isChanging) {
    return (
      <>
        {!connection && <p>{t(index === 0 ? 'setUp.platform.first' : 'setUp.platform.second')}</p>}
        <Connect
          configuration={configuration}
          id={connection?.id ?? null}
          onSaved={() => setChanging(false)}
        />
      </>
    );
  }
  return (
    <>
      <FirstReading id={connection.id} />
      {connection.calendars.length === 0 && <p className="note warn">{t('setUp.platform.unlinked')}</p>}
      <div className="row">
        <button type="button" onClick={onDone}>
          {t('setUp.goOn')}
        </button>
        <button type="button" className="quiet" onClick={() => setChanging(true)}>
          {t('connect.edit')}
        </button>
      </div>
    </>
  );
}
