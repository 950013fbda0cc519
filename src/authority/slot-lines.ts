import { scheduleContexts } from '../../mappings/fhir/documents.ts';
import type { LinksShape } from '../../mappings/fhir/scheduling-links.ts';
import { type LinksSlot, slotLineWriter } from '../../mappings/fhir/scheduling-links-slot.ts';
import type { Directory } from '../domain/directory.ts';
import type { PublishedSlot } from '../engine/ports/publication.ts';
import type { SlotGroup } from './slot-files.ts';
import { etagOf } from './validators.ts';

/** The lines of a group of schedules. */
export type SlotLines = {
  readonly textOf: (slots: readonly PublishedSlot[]) => string;
  /** Stands for all in the lines that is not in the slots: another configuration, another form. */
  readonly form: string;
};

/** One of each kind of line. */
const SAMPLES: readonly LinksSlot[] = [
  { id: '', startMs: 0, endMs: 1, status: 'free', bookingUrl: '"https://x"' },
  { id: '', startMs: 0, endMs: 1, status: 'free', bookingUrl: null },
  { id: '', startMs: 0, endMs: 1, status: 'busy-tentative', bookingUrl: null },
];

/** Kept once made: the configuration stays as it is. */
export function slotLines(directory: Directory): (group: SlotGroup, shape: LinksShape) => SlotLines {
  const contextOf = scheduleContexts(directory);
  const made = new Map<string, SlotLines>();
  const make = ({ schedules }: SlotGroup, shape: LinksShape): SlotLines => {
    const writers = new Map(
      schedules.map((schedule) => [schedule.id, slotLineWriter(schedule, contextOf(schedule.id), shape)]),
    );
    const zones = schedules.map(({ id }) => directory.zoneOf(id));
    return {
      textOf: (slots) => slots.map((slot) => writers.get(slot.scheduleId)?.(slot) ?? '').join(''),
      form: etagOf(...zones, ...[...writers.values()].flatMap((write) => SAMPLES.map(write))),
    };
  };
  return (group, shape) => {
    const key = `${group.number}/${shape}`;
    const lines = made.get(key) ?? make(group, shape);
    made.set(key, lines);
    return lines;
  };
}
