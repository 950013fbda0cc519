import { z } from 'zod';
import { type Adapter, defineAdapter } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp } from '../../src/adapter/http.ts';
import type { ClinicSize } from '../clinic.ts';
import { reading } from '../reading.ts';
import { manifest } from './manifest.ts';

const Booked = z.object({ id: z.string() });

/** The smallest adapter: it reads the made-up clinic from memory and books by one POST. */
export const homeAdapter = (size: ClinicSize): Adapter =>
  defineAdapter({
    manifest,
    connect: ({ settings, limits, pace, targets, environment }) => {
      const http = createHttp({
        baseUrl: settings.baseUrl,
        limits,
        pace,
        targets,
        clock: environment.clock,
      });
      return {
        read: reading(size),
        operations: {
          book: async ({ calendar, mark, interval, slot, patient }) => {
            const body = { calendar, mark, slot, ...interval, patient };
            const response = await http.request({ method: 'POST', path: '/bookings', body });
            if (response.status !== 201) throw new Fault('malformed', `unexpected HTTP ${response.status}`);
            const { id } = response.json(Booked);
            return { outcome: 'done', externalId: id, revision: null, sequence: null };
          },
        },
        check: async () => undefined,
        close: async () => http.close(),
      };
    },
  });
