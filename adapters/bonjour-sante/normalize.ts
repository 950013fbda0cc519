import { z } from 'zod';
import { type CodeMaps, translate } from '../../src/adapter/concept-map.ts';
import { issuesOf } from '../../src/adapter/http.ts';
import {
  type Mark,
  markOf,
  type Observation,
  type Rejected,
  subjectOf,
} from '../../src/adapter/observation.ts';
import { storableText } from '../../src/adapter/texts.ts';
import { interval } from '../../src/domain/interval.ts';
import { ELIGIBILITIES, MODES, REASONS, REORIENTATIONS, type SlotAttributes } from '../../src/domain/slot.ts';
import { unmappedCode } from '../../src/domain/unmapped.ts';
import { Element, type Plage } from './wire.ts';

export type Normalized = { readonly rows: Observation[]; readonly rejected: Rejected[] };

const Identified = z.object({ id: storableText(200).min(1) });
/** The vendor's rows as observations. A row that cannot be read is set aside; an unmapped code is reported. */
export function createNormalizer(maps: CodeMaps): (elements: readonly unknown[]) => Normalized {
  const reason = maps.map('bonjour-sante-reason');
  const eligibility = maps.map('bonjour-sante-eligibility');
  const reorientation = maps.map('bonjour-sante-reorientation');
  const mode = maps.map('bonjour-sante-mode');

  function attributesOf(plage: z.output<typeof Plage>, raw: unknown, rejected: Rejected[]): SlotAttributes {
    const report = (field: string) => (code: string) => {
      rejected.push({ externalId: plage.id, reason: unmappedCode(code, field), raw });
    };
    const modes = plage.mode === null ? null : [plage.mode];
    return {
      availableSince: plage.offerteDepuis,
      eligibility: translate(plage.clienteles, eligibility, ELIGIBILITIES, report('clienteles')),
      reasons: translate(plage.motifs, reason, REASONS, report('motifs')),
      reorientation: translate(plage.provenances, reorientation, REORIENTATIONS, report('provenances')),
      mode: translate(modes, mode, MODES, report('mode'))?.[0] ?? null,
      bookingUrl: plage.lien,
    };
  }

  return (elements) => {
    const rows: Observation[] = [];
    const rejected: Rejected[] = [];
    for (const element of elements) {
      const parsed = Element.safeParse(element);
      if (parsed.success) rows.push(observe(parsed.data, (plage) => attributesOf(plage, element, rejected)));
      else {
        const externalId = Identified.safeParse(element).data?.id ?? null;
        rejected.push({ externalId, reason: issuesOf(parsed.error), raw: element });
      }
    }
    return { rows, rejected };
  };
}

function observe(
  element: Element,
  attributesOf: (plage: z.output<typeof Plage>) => SlotAttributes,
): Observation {
  const common = {
    externalId: element.id,
    calendar: element.agendaId,
    interval: interval(element.debut, element.fin),
    mark: markIn(element.referenceExterne),
    revision: String(element.version),
    sequence: element.version,
  };
  switch (element.genre) {
    case 'plage':
      return { kind: 'slot', ...common, attributes: attributesOf(element) };
    case 'blocage':
      return { kind: 'busy', ...common, busyKind: 'block', expiresAt: null, changedAt: element.modifieLe };
    case 'reservation': {
      const held = element.statut === 'verrouillee';
      return {
        kind: 'busy',
        ...common,
        busyKind: held ? 'hold' : 'appointment',
        expiresAt: held ? element.expireLe : null,
        changedAt: element.modifieLe,
      };
    }
  }
}

function markIn(text: string | null): Mark | null {
  const subject = subjectOf(text);
  return subject === null ? null : markOf(subject);
}
