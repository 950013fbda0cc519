import type { Description, RecordShape } from './description.ts';

/** The ids of the ConceptMaps by which a description reads records; those that only its writes name are in its expressions. */
export function tablesIn({ id, record, read, webhook }: Description): readonly string[] {
  const shapes = [
    record,
    ...read.lists.map((list) => list.record),
    read.changes?.record,
    webhook?.payload?.record,
  ];
  const names = shapes.flatMap((shape) => (shape ? namesIn(shape) : []));
  return [...new Set(names)].sort().map((name) => `${id}-${name}`);
}

function namesIn({ kind, attributes }: RecordShape): string[] {
  const { eligibility, reasons, reorientation, mode } = attributes;
  const ofKind = typeof kind === 'object' && kind.map !== undefined ? [kind.map] : [];
  return [
    ...ofKind,
    ...[eligibility, reasons, reorientation, mode].flatMap((codes) => (codes ? [codes.map] : [])),
  ];
}
