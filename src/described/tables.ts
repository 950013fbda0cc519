import type { Description, RecordShape } from './description.ts';
import { usesOf } from './uses.ts';

/** The ids of the ConceptMaps by which a description reads records and writes them. */
export function tablesIn(description: Description): readonly string[] {
  const { id, record, read, webhook } = description;
  const shapes = [
    record,
    ...read.lists.map((list) => list.record),
    read.changes?.record,
    webhook?.payload?.record,
  ];
  const names = shapes.flatMap((shape) => (shape ? namesIn(shape) : []));
  const written = usesOf(description).flatMap(({ uses }) => uses.tables);
  return [...new Set([...names, ...written])].sort().map((name) => `${id}-${name}`);
}

function namesIn({ kind, attributes }: RecordShape): string[] {
  const { eligibility, reasons, reorientation, mode } = attributes;
  const ofKind = typeof kind === 'object' && kind.map !== undefined ? [kind.map] : [];
  return [
    ...ofKind,
    ...[eligibility, reasons, reorientation, mode].flatMap((codes) => (codes ? [codes.map] : [])),
  ];
}
