import type { Directory } from '../../../domain/directory.ts';
import type { Offerings } from '../../../engine/ports/offerings.ts';
import { ok } from '../../answer.ts';
import type { Operation } from '../../operation.ts';
import { Refused } from '../../outcomes.ts';
import { generated } from './answer.ts';
import { generationIn } from './input.ts';
import { GENERATE_SLOTS } from './parameters.ts';

/** `POST Schedule/<id>/$generate-slots`: the clinic's own week, as slots. */

type Dependencies = { readonly directory: Directory; readonly offerings: Offerings };

export const generateSlotsOperation = ({ directory, offerings }: Dependencies): Operation => ({
  ...GENERATE_SLOTS,
  instance: async (id, { body, context }) => {
    if (!directory.hasSchedule(id)) throw unknown();
    const of = { schedule: directory.schedule(id), zone: directory.zoneOf(id) };
    const { mode, period, offering } = generationIn(body, of);
    const result = await offerings.generateSlots({ scheduleId: id, mode, period, wanted: offering.slots });
    switch (result.outcome) {
      case 'done':
        return ok(JSON.stringify(generated(result.renewal, offering, context.language)));
      case 'unknown-schedule':
        throw unknown();
      case 'elsewhere':
        throw new Refused('slot-not-editable', { diagnostics: result.reason });
    }
  },
});

const unknown = (): Refused =>
  new Refused('not-found', {
    diagnostics: { fr: 'aucun horaire n’a cet id', en: 'no schedule has this id' },
  });
