import { useQuery } from '@tanstack/react-query';
import type { components } from '../api/schema.d.ts';
import { send } from '../api/send.ts';
import type { Offered } from '../configuration/model.ts';
import type { Entry } from '../form/value.ts';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../parts/problem-note.tsx';

/** Which platform it is to be: those of the demonstration as they are, or any that there is an adapter for. */

export type AdapterSummary = components['schemas']['AdapterSummary'];

/** How a connection begins: of a platform with nothing filled in, or as the demonstration offers it. */
export type Beginning = {
  readonly platform: string;
  readonly offered: Offered | null;
};

const KINDS = ['public', 'private', 'standard'] as const;
/** How it is talked to is for who runs Passerelle; what can be done there is for the clinic. */
const TECHNICAL = ['pull', 'feed', 'idempotency', 'conditionalWrite', 'release', 'unblock', 'withdraw'];

export const useAdapters = () =>
  useQuery({
    queryKey: ['adapters'],
    queryFn: ({ signal }) => send<{ adapters: AdapterSummary[] }>('GET', '/api/adapters', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export function PlatformChoice({
  offered,
  onChosen,
}: {
  readonly offered: readonly Offered[];
  readonly onChosen: (beginning: Beginning) => void;
}) {
  const { t } = useWords();
  const { data, error, refetch } = useAdapters();
  if (!data) {
    return error ? (
      <ProblemNote error={error} onRetry={() => void refetch()} />
    ) : (
      <p className="loading">{t('loading')}</p>
    );
  }
  const { adapters } = data;
  return (
    <>
      {offered.length > 0 && (
        <section aria-labelledby="offered">
          <h3 id="offered">{t('connect.choice.offered')}</h3>
          <p className="quiet-text">{t('connect.choice.offeredHelp')}</p>
          <ul className="bare platforms">
            {offered.map((each) => {
              const platform = String(each.connection['platform']);
              return (
                <PlatformCard
                  key={String(each.connection['id'])}
                  title={titleOf(each.connection)}
                  adapter={adapters.find((one) => one.platform === platform)}
                  onChosen={() => onChosen({ platform, offered: each })}
                />
              );
            })}
          </ul>
        </section>
      )}
      {KINDS.map((kind) => (
        <section key={kind} aria-labelledby={`of-${kind}`}>
          <h3 id={`of-${kind}`}>{t(`connect.choice.kinds.${kind}`)}</h3>
          <ul className="bare platforms">
            {adapters
              .filter((each) => each.kind === kind)
              .map((each) => (
                <PlatformCard
                  key={each.platform}
                  title={each.title}
                  adapter={each}
                  onChosen={() => onChosen({ platform: each.platform, offered: null })}
                />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

const titleOf = ({ title, id }: Entry): { readonly fr: string; readonly en: string } =>
  (title as { fr: string; en: string } | undefined) ?? { fr: String(id), en: String(id) };

function PlatformCard({
  title,
  adapter,
  onChosen,
}: {
  readonly title: { readonly fr: string; readonly en: string };
  readonly adapter: AdapterSummary | undefined;
  readonly onChosen: () => void;
}) {
  const { t, language } = useWords();
  const { grade = null, abilities = [], contract } = adapter ?? {};
  const said = abilities.filter(({ capability }) => !TECHNICAL.includes(capability));
  return (
    <li className="platform">
      <h4>{title[language]}</h4>
      <span className={`badge grade ${grade ?? 'none'}`}>
        {t(`connections.ability.grades.${grade ?? 'none'}`)}
      </span>
      <p>
        {said.length === 0 ? t('connect.choice.readOnly') : said.map(({ says }) => says[language]).join('; ')}
      </p>
      {contract === 'assumed' && <p className="help">{t('connections.ability.contracts.assumed')}</p>}
      <button type="button" className="quiet" onClick={onChosen}>
        {t('connect.choice.choose')}
        <span className="visually-hidden"> : {title[language]}</span>
      </button>
    </li>
  );
}
