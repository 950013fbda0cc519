import { ACCESS_DEFAULTS } from '../../src/config/access.ts';
import { MAIL_DEFAULTS } from '../../src/config/mail.ts';
import { PATIENT_DEFAULTS } from '../../src/config/patients.ts';
import { SERVER_DEFAULTS } from '../../src/config/server.ts';
import { SUBSCRIPTION_DEFAULTS } from '../../src/config/subscriptions.ts';
import { type ClinicSize, directoryOf, HOME } from '../clinic.ts';
import { homeAdapter } from '../home/adapter.ts';
import { task } from './child.ts';
import { type ServeTask, serve } from './serve.ts';

/** Passerelle on the made-up clinic. */
export type GatewayTask = ServeTask & { readonly size: ClinicSize; readonly homeUrl: string };

const wanted = task<GatewayTask>();
await serve(wanted, {
  directory: directoryOf(wanted.size),
  subscriptions: SUBSCRIPTION_DEFAULTS,
  patients: PATIENT_DEFAULTS,
  access: ACCESS_DEFAULTS,
  // One client asks as much as all of a day's would.
  mail: MAIL_DEFAULTS,
  server: {
    ...SERVER_DEFAULTS,
    limits: { ...SERVER_DEFAULTS.limits, client: 1_000_000, delivery: 1_000_000 },
  },
  connections: [
    {
      id: HOME,
      adapter: homeAdapter(wanted.size),
      settings: { baseUrl: wanted.homeUrl },
      allowedTargets: ['127.0.0.1'],
    },
  ],
});
