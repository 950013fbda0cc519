import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Refusal, Superseded, tryConnection } from '../configuration/commands.ts';
import { type Link, linksOf, topologiesOf, type Where, written } from '../configuration/links.ts';
import {
  type Clinic,
  type Configuration,
  type Connection,
  clinicOf,
  type Trial,
} from '../configuration/model.ts';
import { ProblemList } from '../configuration/problem-list.tsx';
import { SaveFailure } from '../configuration/save-failure.tsx';
import { useChange } from '../configuration/use-configuration.ts';
import type { Adapter } from '../connections/model.ts';
import { ProblemsOfForm } from '../form/context.ts';
import type { SchemaNode } from '../form/schema.ts';
import { SchemaGroup } from '../form/schema-group.tsx';
import { entryOf, withKey } from '../form/value.ts';
import { type Bilingual, useWords } from '../i18n/use-words.ts';
import { AdvancedFields, NameField } from './common-fields.tsx';
import { areWhole, LinkRows } from './link-rows.tsx';
import type { Beginning } from './platform-choice.tsx';
import { TrialResult } from './trial-result.tsx';
import { type Draft, sentOf, useDraft } from './use-draft.ts';

/** A connection that is new or changed: filled in, tried, its calendars linked to doctors, and saved. */
export function Editor({
  configuration,
  connection,
  beginning,
  adapter,
  onSaved,
  onReload,
}: {
  readonly configuration: Configuration;
  /** Null = it is new. */
  readonly connection: Connection | null;
  readonly beginning: Beginning;
  readonly adapter: Adapter;
  readonly onSaved: (id: string) => void;
  /** Begins anew with what is stored. */
  readonly onReload: () => void;
}) {
  const { t } = useWords();
  const clinic = clinicOf(configuration);
  /** As it was when somebody began. */
  const [before] = useState(connection);
  const draft = useDraft(connection, beginning, adapter.title, clinic);
  const settings = adapter.settings.schema as SchemaNode;
  const sent = sentOf(draft, settings);
  const trying = useTrial(draft.id, sent);
  const linking = useLinks(clinic, connection, beginning, adapter);
  const saving = useChange();
  const refused = saving.error instanceof Refusal ? saving.error.problems : [];
  const problems = trying.problems.length > 0 ? trying.problems : refused;

  const onTry = (event: FormEvent): void => {
    event.preventDefault();
    saving.reset();
    trying.run((trial) => linking.take(trial));
  };
  const onSave = (): void => {
    trying.forget();
    const { changes, calendars } = written(linking.links, clinic, linking.where);
    const value = { ...sent, calendars };
    saving.mutate(
      {
        changes: [...changes, { edit: 'put', list: 'connections', id: draft.id, value }],
        seen: configuration,
      },
      { onSuccess: () => onSaved(draft.id) },
    );
  };
  const isTried = trying.trial?.reached?.isReached === true && !trying.isOld;
  const isWhole = areWhole(linking.links);
  const isBusy = trying.isPending || saving.isPending;

  return (
    <ProblemsOfForm value={problems}>
      <form className="connect" noValidate onSubmit={onTry}>
        <p className="quiet-text">{t('form.needed')}</p>
        <ProblemList problems={problems} settings={settings} />
        <Fields
          draft={draft}
          settings={settings}
          standard={draft.isNew ? adapter.title : null}
          isReachForbidden={trying.trial?.reached?.fault === 'forbidden'}
        />
        {adapter.capabilities.some(({ capability }) => capability === 'webhook') && (
          <p className="help">
            {t('connect.webhook', { address: `${window.location.origin}/webhooks/${draft.id}` })}
          </p>
        )}
        <div className="row">
          <button type="submit" className={isTried ? 'quiet' : ''} disabled={isBusy}>
            {t(trying.isPending ? 'connect.trial.trying' : 'connect.trial.act')}
          </button>
        </div>
        {trying.failure}
        {trying.trial && <TrialResult trial={trying.trial} isOld={trying.isOld} />}
        <section aria-labelledby="links">
          <h3 id="links">{t('connect.links.title')}</h3>
          <LinksHelp trial={trying.trial} count={linking.links.length} />
          <LinkRows
            links={linking.links}
            clinic={clinic}
            topologies={linking.topologies}
            where={linking.where}
            onLinks={linking.setLinks}
            onWhere={linking.setWhere}
          />
        </section>
        <SaveFailure
          error={saving.error}
          isThisOne={saving.error instanceof Superseded && isOther(before, saving.error.latest)}
          onReload={onReload}
        />
        <div className="row end">
          {isWhole ? (
            !isTried && <p className="quiet-text">{t('connect.untried')}</p>
          ) : (
            <p className="quiet-text">{t('connect.links.unsaid')}</p>
          )}
          <button
            type="button"
            className={isTried ? '' : 'quiet'}
            disabled={isBusy || !isWhole}
            onClick={onSave}
          >
            {t(saving.isPending ? 'connect.saving' : isTried ? 'connect.save' : 'connect.saveUntried')}
          </button>
        </div>
      </form>
    </ProblemsOfForm>
  );
}

function Fields({
  draft,
  settings,
  standard,
  isReachForbidden,
}: {
  readonly draft: Draft;
  readonly settings: SchemaNode;
  readonly standard: Bilingual | null;
  readonly isReachForbidden: boolean;
}) {
  const { value, set } = draft;
  return (
    <>
      <NameField draft={value} standard={standard} onDraft={set} />
      <SchemaGroup
        node={settings}
        path="settings"
        value={entryOf(value['settings'])}
        onValue={(next) => set(withKey(value, 'settings', next))}
      />
      <AdvancedFields
        draft={value}
        id={draft.id}
        isNew={draft.isNew}
        isOpen={isReachForbidden}
        onDraft={set}
        onId={draft.setId}
      />
    </>
  );
}

/** What the platform said of it as it was then. */
function useTrial(id: string, sent: object) {
  const [tried, setTried] = useState<{ readonly trial: Trial; readonly of: string } | null>(null);
  const asked = JSON.stringify(sent);
  const trying = useMutation({ mutationFn: () => tryConnection(id, sent as Record<string, unknown>) });
  return {
    trial: tried?.trial ?? null,
    isOld: tried !== null && tried.of !== asked,
    isPending: trying.isPending,
    problems: tried?.trial.problems ?? [],
    failure: trying.error && (
      <SaveFailure error={trying.error} isThisOne={false} onReload={() => undefined} />
    ),
    run: (onTrial: (trial: Trial) => void): void =>
      trying.mutate(undefined, {
        onSuccess: (trial) => {
          setTried({ trial, of: asked });
          onTrial(trial);
        },
      }),
    /** What was wrong then is not what is wrong with what is saved. */
    forget: (): void =>
      setTried((before) => before && { ...before, trial: { ...before.trial, problems: [] } }),
  };
}

function useLinks(clinic: Clinic, connection: Connection | null, { offered }: Beginning, adapter: Adapter) {
  const topologies = topologiesOf(adapter.capabilities);
  const [usual = 'block'] = topologies;
  const linked = connection?.calendars ?? [];
  const [links, setLinks] = useState<readonly Link[]>(() => {
    const known = linksOf([], linked, [], usual);
    return known.length > 0 ? known : linksOf((offered?.calendars ?? []).map(unknown), linked, [], usual);
  });
  const [chosen, setWhere] = useState<Where | null>(null);
  const [location] = clinic.locations;
  const [service] = clinic.services;
  const first = location && service ? { location: location.id, service: service.id } : null;
  return {
    topologies,
    links,
    setLinks,
    where: chosen ?? first,
    setWhere,
    take: ({ calendars: { found } }: Trial): void => {
      const isUndecided = (link: Link): boolean => !link.isLinked && link.practitionerName === null;
      setLinks((before) =>
        linksOf(
          found,
          linked,
          before.filter((link) => !isUndecided(link)),
          usual,
        ),
      );
    },
  };
}

/** An id that is offered, of which the platform has not been asked yet. */
const unknown = (id: string) => ({
  ...{ id, name: null, practitionerName: null, location: null },
  ...{ identifiers: [], linked: null, suggestion: null },
});

function LinksHelp({ trial, count }: { readonly trial: Trial | null; readonly count: number }) {
  const { t } = useWords();
  if (trial?.reached?.isReached !== true) return <p className="help">{t('connect.links.help')}</p>;
  const { canList, complete } = trial.calendars;
  if (!canList) return <p className="help">{t('connect.links.cannotList')}</p>;
  return (
    <p className="help">
      {count > 0 && t('connect.links.lookOver')}
      {!complete && ` ${t('connect.links.incomplete')}`}
    </p>
  );
}

/** Whether somebody else has changed this very connection. */
const isOther = (connection: Connection | null, latest: Configuration): boolean => {
  const now = clinicOf(latest).connections.find(({ id }) => id === connection?.id);
  return JSON.stringify(now) !== JSON.stringify(connection ?? undefined);
};
