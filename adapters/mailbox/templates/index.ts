import { Template } from '../template.ts';
import { bonjourSanteEn, bonjourSanteFr } from './bonjour-sante.ts';
import { rvsqEn, rvsqFr } from './rvsq.ts';

/** Those that come with Passerelle. `invitation` reads what every calendar program sends (RFC 5546, 6047). */
export const TEMPLATES: readonly Template[] = [
  bonjourSanteFr,
  bonjourSanteEn,
  rvsqFr,
  rvsqEn,
  { id: 'invitation', reads: 'invitation', calendar: 'organizer' } as const,
].map((each) => Template.parse(each));
