import express, { type Router } from 'express';
import type { ConfigurationEditor } from '../config/editing/editor.ts';
import { policyText, readPolicy } from '../config/policy-text.ts';
import { formatPath } from '../config/problems.ts';
import type { Directory } from '../domain/directory.ts';
import { groupBy } from '../domain/group-by.ts';
import { formatInstant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { Policy } from '../domain/schedule.ts';
import type { Case, Forecast, PolicyPreview, PolicyPreviews } from '../engine/ports/policy-preview.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { ProblemAnswer } from './contract/configuration.ts';
import * as routes from './contract/policies.ts';
import type { Shown } from './contract/route.ts';
import { mount } from './mount.ts';
import { whoseTime } from './whose-time.ts';

/** The rules of each schedule, and what the last days would have been under others. Nothing here names a patient. */

export type PoliciesDependencies = {
  readonly directory: Directory;
  readonly previews: PolicyPreviews;
  /** Null = there is no file: the rest of the configuration has nothing to say of a policy. */
  readonly editor: Pick<ConfigurationEditor, 'check'> | null;
};

const CASES_MAX = 200;

export function policiesApi({ directory, previews, editor }: PoliciesDependencies): Router {
  const router = express.Router();

  mount(router, routes.listPolicies, ({ reply }) => {
    const { schedules, services, calendars } = directory.entries;
    const names = new Map(services.map(({ id, name }) => [id, name]));
    const bySchedule = groupBy(
      calendars.flatMap(({ topology, ...calendar }) =>
        topology === 'shifts' ? [] : [{ ...calendar, topology }],
      ),
      ({ scheduleId }) => scheduleId,
    );
    return reply(200, {
      schedules: schedules.map(({ id, serviceId, policy }) => {
        const whose = whoseTime(directory, id);
        return {
          id,
          practitioner: whose?.practitioner ?? id,
          location: whose?.location ?? '',
          service: names.get(serviceId) ?? { fr: serviceId, en: serviceId },
          timeZone: directory.zoneOf(id),
          calendars: (bySchedule.get(id) ?? []).map(({ connectionId, topology }) => ({
            ...{ connection: connectionId, title: directory.connection(connectionId).title, topology },
          })),
          policy: policyText(policy),
        };
      }),
    });
  });

  mount(router, routes.previewPolicy, async ({ params: { id }, query, body, reply }) => {
    if (!directory.hasSchedule(id)) throw unknownSchedule();
    const { week } = query();
    const written = await body();
    const answer = { schedule: id, timeZone: directory.zoneOf(id) };
    const read = await checked(written, id);
    if (read.policy === null) return reply(200, { ...answer, problems: read.problems, preview: null });
    const preview = await previews.preview(id, read.policy, week);
    return reply(200, { ...answer, problems: [], preview: previewJson(preview, directory) });
  });

  /** By itself, and beside the rest of the configuration. */
  async function checked(
    written: Record<string, unknown>,
    id: string,
  ): Promise<{ policy: Policy; problems: null } | { policy: null; problems: ProblemAnswer[] }> {
    const { policy, problems } = readPolicy(written);
    if (problems) {
      return {
        policy: null,
        problems: problems.map(({ path, message }) => problemAnswer(formatPath(path), message)),
      };
    }
    const { practitionerId, locationId, serviceId, capacity } = directory.schedule(id);
    const value = {
      ...{ id, practitioner: practitionerId, location: locationId, service: serviceId, capacity },
      policy: written,
    };
    const found = (await editor?.check({ kind: 'put', list: 'schedules', id, value })) ?? [];
    // What is wrong elsewhere in the file is for whoever administers it.
    const own = found.flatMap(({ field, message }) =>
      field === 'policy' || field?.startsWith('policy.')
        ? [problemAnswer(field.slice('policy.'.length), message)]
        : [],
    );
    return own.length === 0 ? { policy, problems: null } : { policy: null, problems: own };
  }

  return router;
}

/** It stands in no file. */
const problemAnswer = (field: string, message: string): ProblemAnswer => ({
  ...{ path: `policy${field === '' ? '' : `.${field}`}`, field, line: 1, column: 1 },
  message: { en: message },
});

const unknownSchedule = (): Refused =>
  new Refused('not-found', {
    diagnostics: {
      fr: 'aucun horaire n’a cet id : voyez GET /api/policies',
      en: 'no schedule has this id: see GET /api/policies',
    },
  });

type Preview = NonNullable<Shown<typeof routes.PolicyPreviewAnswer>['preview']>;

const previewJson = (preview: PolicyPreview, directory: Directory): Preview => ({
  from: formatInstant(preview.window.start),
  before: formatInstant(preview.window.end),
  since: preview.since === null ? null : formatInstant(preview.since),
  current: forecastJson(preview.current, directory),
  candidate: forecastJson(preview.candidate, directory),
  cases: preview.cases.slice(0, CASES_MAX).map(caseJson),
  casesTotal: preview.cases.length,
  complete: preview.complete,
  unknowns: [...preview.unknowns],
});

const forecastJson = (forecast: Forecast, directory: Directory): Preview['current'] => ({
  ...forecast,
  outages: forecast.outages.map(({ connectionId, kind, window, minutesAccepting }) => ({
    ...{ connection: connectionId, kind, ...times(window), minutesAccepting },
  })),
  platforms: forecast.platforms.map(({ connectionId, ...figures }) => ({
    ...{ connection: connectionId, title: directory.connection(connectionId).title, ...figures },
  })),
});

const caseJson = ({
  kind,
  at,
  interval,
  connectionId,
  how,
  current,
  candidate,
}: Case): Preview['cases'][number] => ({
  ...{ kind, at: formatInstant(at), ...times(interval), connection: connectionId, how, current, candidate },
});

const times = ({ start, end }: Interval) => ({ start: formatInstant(start), end: formatInstant(end) });
