import type { Slot } from '../../src/domain/slot.ts';
import type { PartedText } from '../../src/engine/ports/documents.ts';
import { type SlotContext, type SlotTexts, slotTexts, writeSlot } from './slot.ts';

/**
 * slotResource() as JSON text in parts: a snapshot writes 25,000 slots a second (design.md, section 9). The slots of a
 * schedule differ in a few texts only, so the JSON of each kind of slot is made once and cut at them.
 */

type Field = keyof SlotTexts;
type Template = { readonly fields: readonly Field[]; readonly pieces: readonly string[] };

const TEMPLATES_MAX = 50_000;
// NUL, as JSON writes it: nothing that an operator can write in a configuration begins with it.
const MARKER = /"\\u0000(id|start|end|availableSince|bookingUrl)"/;

export function slotWriter(contextOf: (scheduleId: string) => SlotContext): (slot: Slot) => PartedText {
  const templates = new Map<string, Template>();
  return (slot) => {
    const context = contextOf(slot.scheduleId);
    const key = kindKey(slot);
    let template = templates.get(key);
    if (!template) {
      if (templates.size >= TEMPLATES_MAX) templates.clear();
      template = cut(slot, context);
      templates.set(key, template);
    }
    const texts = slotTexts(slot, context.location.timeZone);
    return { pieces: template.pieces, values: template.fields.map((field) => quoted(field, texts)) };
  };
}

function kindKey({ scheduleId, attributes }: Slot): string {
  const { availableSince, eligibility, reasons, reorientation, mode, bookingUrl } = attributes;
  const present = `${availableSince !== null}|${bookingUrl !== null}`;
  return `${scheduleId}|${eligibility}|${reasons}|${reorientation}|${mode}|${present}`;
}

const marker = (field: Field): string => `\u0000${field}`;

function cut(slot: Slot, context: SlotContext): Template {
  const { availableSince, bookingUrl } = slot.attributes;
  const texts: SlotTexts = {
    id: marker('id'),
    start: marker('start'),
    end: marker('end'),
    availableSince: availableSince === null ? null : marker('availableSince'),
    bookingUrl: bookingUrl === null ? null : marker('bookingUrl'),
  };
  const kind = { ...slot.attributes, scheduleId: slot.scheduleId };
  // Split by a pattern with a group alternates pieces and fields.
  const parts = JSON.stringify(writeSlot(texts, kind, context))
    .slice(0, -1)
    .split(MARKER);
  return {
    pieces: parts.filter((_, index) => index % 2 === 0),
    fields: parts.filter((_, index) => index % 2 === 1) as Field[],
  };
}

/** Only an address can have what JSON must escape: the others are an id and times of ours. */
const quoted = (field: Field, texts: SlotTexts): string =>
  field === 'bookingUrl' ? JSON.stringify(texts.bookingUrl) : `"${texts[field]}"`;
