/** Passwords that are guessed first: about 50,000, most of them from leaks (zxcvbn's list, kept up by @zxcvbn-ts). */

let loaded: Promise<ReadonlySet<string>> | null = null;

/** Read when the first password is chosen: most processes never need it. */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  loaded ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set([...dictionary['passwords-common'], ...OURS]),
  );
  return loaded;
}

/** What is chosen here and is in no list from elsewhere. */
const OURS = [
  'motdepasse',
  'monmotdepasse',
  'bienvenue',
  'administrateur',
  'clinique',
  'receptionniste',
  'secretaire',
  'rendezvous',
  'rendez-vous',
  'medecin',
  'docteur',
  'infirmiere',
  'pharmacie',
  'hopital',
  'quebec',
  'montreal',
  'canadiens',
  'nordiques',
  'changezmoi',
  'changemoi',
  'azertyuiop',
];
