import type { z } from 'zod';
import type { Connect, Known, PatientDetails, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type HttpRequest, type HttpResponse } from '../../src/adapter/http.ts';
import type { Mark } from '../../src/adapter/observation.ts';
import { formatInstant, type Instant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Settings } from './manifest.ts';
import { Agendas, type Confirmation, Element, Etat, Grille } from './wire.ts';

/** The calls of the vendor's interface, and what its statuses mean. */

const PAGE_ROWS = 500;

export type Kind = 'plages' | 'reservations' | 'blocages';
export type Refusal = Exclude<Written, { outcome: 'done' }>;
export type Answer = { readonly outcome: 'done'; readonly element: Element } | Refusal;

export type Client = ReturnType<typeof createClient>;

export function createClient({ settings, limits, pace, targets, environment, transport }: Connect<Settings>) {
  const http = createHttp({
    baseUrl: settings.baseUrl,
    headers: { authorization: `Bearer ${settings.apiKey}` },
    limits,
    pace,
    targets,
    clock: environment.clock,
    transport,
  });

  /** A write that answers with the record as it now stands. */
  async function write(request: HttpRequest): Promise<Answer> {
    const response = await http.request(request);
    return refusalOf(response) ?? { outcome: 'done', element: accepted(response, Element) };
  }

  return {
    check: async (signal: AbortSignal): Promise<void> => {
      accepted(await http.request({ method: 'GET', path: '/v1/etat', signal }), Etat);
    },

    /** The raw agendas that the key opens. */
    agendas: async (signal: AbortSignal): Promise<readonly unknown[]> =>
      accepted(await http.request({ method: 'GET', path: '/v1/agendas', signal }), Agendas).agendas,

    page: async (agenda: string, window: Interval, after: string | null, signal: AbortSignal) => {
      const response = await http.request({
        method: 'GET',
        path: `/v1/agendas/${encodeURIComponent(agenda)}/grille`,
        query: {
          du: formatInstant(window.start),
          au: formatInstant(window.end),
          apres: after ?? undefined,
          limite: PAGE_ROWS,
        },
        signal,
      });
      return accepted(response, Grille);
    },

    /** The raw record that carries the mark; null when none does. */
    byMark: async (agenda: string, mark: Mark): Promise<unknown> => {
      const path = `/v1/agendas/${encodeURIComponent(agenda)}/references/${encodeURIComponent(mark)}`;
      const response = await http.request({ method: 'GET', path });
      if (response.status === 404) return null;
      // The row itself is for the normalizer to judge.
      return accepted(response, Grille.shape.elements.element);
    },

    /** The same key again answers with the record of the first time. */
    create: (agenda: string, kind: Kind, mark: Mark, body: object): Promise<Answer> =>
      write({
        method: 'POST',
        path: `/v1/agendas/${encodeURIComponent(agenda)}/${kind}`,
        headers: { 'idempotency-key': mark },
        body,
      }),

    replace: (kind: Kind, known: Known, body: object): Promise<Answer> =>
      write({ method: 'PUT', path: pathOf(kind, known), headers: condition(known), body }),

    confirm: (known: Known, body: Confirmation): Promise<Answer> =>
      write({ method: 'POST', path: `${pathOf('reservations', known)}/confirmation`, body }),

    /** @param only removes it only in that state. */
    remove: async (kind: Kind, known: Known, only?: 'verrouillee'): Promise<Written> => {
      const response = await http.request({
        method: 'DELETE',
        path: pathOf(kind, known),
        query: { statut: only },
        headers: condition(known),
      });
      const refusal = refusalOf(response);
      if (refusal) return refusal;
      if (response.status !== 204) throw unexpected(response);
      return { outcome: 'done', externalId: null, revision: null, sequence: null };
    },

    close: http.close,
  };
}

const pathOf = (kind: Kind, known: Known): string => `/v1/${kind}/${encodeURIComponent(known.externalId)}`;

const condition = ({ revision }: Known): Record<string, string> =>
  revision === null ? {} : { 'if-match': `"${revision}"` };

/** 409: the time is taken. 412: it changed since we read it. Null = not refused. */
function refusalOf({ status }: HttpResponse): Refusal | null {
  if (status === 409 || status === 412) return { outcome: 'taken' };
  if (status === 404 || status === 410) return { outcome: 'gone' };
  return null;
}

function accepted<Schema extends z.ZodType>(response: HttpResponse, schema: Schema): z.output<Schema> {
  if (response.status !== 200 && response.status !== 201) throw unexpected(response);
  return response.json(schema);
}

const unexpected = ({ status }: HttpResponse): Fault => new Fault('malformed', `unexpected HTTP ${status}`);

export const timesOf = ({ start, end }: Interval): { debut: string; fin: string } => ({
  debut: formatInstant(start),
  fin: formatInstant(end),
});

export const textOf = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

export const patientOf = (patient: PatientDetails | null): Confirmation['patient'] =>
  patient && {
    nom: patient.family,
    prenom: patient.given,
    cellulaire: patient.phone,
    courriel: patient.email,
    nam: patient.nam,
    naissance: patient.birthDate,
  };
