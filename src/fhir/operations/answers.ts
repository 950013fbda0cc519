import { searchset } from '../bundle.ts';
import type { Context } from '../search.ts';

/** A Bundle with exactly one Appointment, as `$hold` and `$book` answer (IHE ITI Scheduling). */
export const single = (id: string, resource: string, context: Context): string =>
  searchset({
    type: 'Appointment',
    context,
    used: [['_id', id]],
    next: null,
    total: 1,
    entries: [{ path: `Appointment/${id}`, resource, mode: 'match' }],
    warnings: [],
  });
