/** What the simulator takes; they open nothing else. */
export const USERNAME = 'etablissement';
export const PASSWORD = 'mot-de-passe-du-simulateur';
export const TOKEN = 'jeton-du-simulateur';
export const ESTABLISHMENT = '60001';
/** Two variants of one service, which offer the same times under the same ids. */
export const SERVICES = ['2612', '2613'] as const;
export const SLOT_MINUTES = 15;
