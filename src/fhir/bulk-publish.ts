import type { Operation } from './operation.ts';

/** As it is declared. It is answered by src/authority: what it gives is a stream of lines, and no resource. */
export const BULK_PUBLISH: Operation = {
  documentation: {
    fr:
      'GET donne le manifeste de SMART Scheduling Links : lieux, agendas et plages à venir, en fichiers NDJSON ' +
      '(docs/fhir.md).',
    en:
      'GET answers with the manifest of SMART Scheduling Links: places, schedules and slots ahead, as files of NDJSON ' +
      '(docs/fhir.md).',
  },
  base: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/bulk-publish',
  affectsState: false,
  needs: [
    { type: 'Location', permission: 's' },
    { type: 'Schedule', permission: 's' },
    { type: 'Slot', permission: 's' },
  ],
  parameters: [
    {
      name: '_since',
      use: 'in',
      min: 0,
      max: 1,
      type: 'instant',
      documentation: {
        fr: 'Seulement les plages qui ont changé depuis.',
        en: 'Only the slots that have changed since.',
      },
    },
    {
      name: '_profile',
      use: 'in',
      min: 0,
      max: 1,
      type: 'code',
      documentation: {
        fr: 'ssl : l’ébauche de 2026 (hl7.fhir.uv.ssl). Sans elle, la spécification de 2021.',
        en: 'ssl: the draft of 2026 (hl7.fhir.uv.ssl). Without it, the specification of 2021.',
      },
    },
  ],
  system: 'beside',
};
