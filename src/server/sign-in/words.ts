import type { Language } from '../../fhir/language.ts';

/** Everything that the pages say. */

const fr = {
  menu: 'Compte et langue',
  goOn: 'Continuer',
  cancel: 'Annuler',
  expiredTitle: 'Le formulaire n’est plus valide',
  expired:
    'Rien n’a été fait : le formulaire a été ouvert il y a trop longtemps, ou ne venait pas d’ici. Recommencez.',
  busyTitle: 'Un instant',
  busy: 'Trop de personnes ouvrent une session en ce moment. Réessayez dans quelques secondes.',
  noHome:
    'Personne ne peut ouvrir de session à cette adresse. Passerelle doit être jointe en https à l’adresse que donne ' +
    'PASSERELLE_URL, ou depuis la machine même où elle tourne.',

  signIn: 'Ouvrir une session',
  signedOut: 'La session est fermée.',
  again: 'Pour modifier votre compte, confirmez d’abord qui vous êtes.',
  login: 'Nom d’utilisateur ou courriel',
  password: 'Mot de passe',
  wrong: 'Ce nom d’utilisateur et ce mot de passe ne vont pas ensemble.',
  forgotten:
    'Mot de passe oublié ? L’administrateur de Passerelle peut vous envoyer un lien pour en choisir un autre.',
  or: 'ou',
  withProvider: (name: string) => `Continuer avec ${name}`,
  wait: (minutes: number) =>
    minutes <= 1
      ? 'Trop d’essais. Attendez une minute, puis réessayez.'
      : `Trop d’essais. Attendez ${minutes} minutes, puis réessayez.`,

  secondFactor: 'Vérification',
  code: 'Code à six chiffres, ou code de secours',
  codeHelp: 'L’application d’authentification de votre téléphone montre le code.',
  wrongCode:
    'Ce code n’est pas le bon, ou a déjà servi. Attendez le suivant, et vérifiez l’heure du téléphone.',
  verify: 'Vérifier',
  usePasskey: 'Utiliser une clé d’accès',
  wrongPasskey: 'La clé d’accès n’a pas été reconnue. Réessayez, ou utilisez un code.',
  passkeyOnly: 'Votre compte demande une clé d’accès, ou un de vos codes de secours.',

  signOut: 'Fermer la session',
  signOutAsk: 'Fermer la session sur cet appareil ?',
  signingOut: (name: string) => `La session est fermée ici. Elle se ferme aussi chez ${name}.`,
  signOutThere: (name: string) => `Continuer chez ${name}`,

  providerTitle: 'La session n’a pas pu s’ouvrir',
  providerFailed:
    'Le fournisseur d’identité ne répond pas comme il le devrait. Réessayez; si cela persiste, prévenez l’administrateur de Passerelle.',
  providerDenied: 'Le fournisseur d’identité a refusé, ou vous avez annulé.',
  providerExpired: 'La demande a été faite il y a trop longtemps, ou dans un autre navigateur. Recommencez.',
  providerWithoutRights:
    'Votre identité est reconnue, mais elle n’a aucun droit ici. Demandez à l’administrateur de Passerelle.',
  providerDisabled: 'Votre compte est désactivé ici. Demandez à l’administrateur de Passerelle.',
  backToSignIn: 'Retour à l’ouverture de session',
  toConsole: 'Ouvrir la console',
  demonstrator: 'Démonstration',
  entryTitle: 'Ce lien n’est plus valide',
  entryWrong: 'Le lien vient d’un démarrage précédent : prenez celui que montre le terminal.',

  invitation: 'Choisir un mot de passe',
  invitationFor: (name: string, login: string) =>
    `Pour le compte de ${name}, dont le nom d’utilisateur est ${login}.`,
  invitationOverTitle: 'Le lien n’est plus valide',
  invitationOver: 'Il a déjà servi, ou est échu. Demandez-en un autre à l’administrateur de Passerelle.',
  newPassword: 'Nouveau mot de passe',
  newPasswordHelp: 'Au moins 12 caractères. Quelques mots sans lien entre eux font un bon mot de passe.',
  repeat: 'Le même, une seconde fois',
  currentPassword: 'Mot de passe actuel',
  choose: 'Enregistrer le mot de passe',
  passwordsDiffer: 'Les deux mots de passe ne sont pas les mêmes.',
  passwordWrong: 'Le mot de passe actuel n’est pas le bon.',
  'too-short': 'Le mot de passe est trop court : il lui faut au moins 12 caractères.',
  'too-long': 'Le mot de passe est trop long : 256 caractères au plus.',
  pattern: 'Le mot de passe suit un motif que l’on devine vite. Choisissez-en un autre.',
  personal:
    'Le mot de passe tient trop à votre nom, à votre courriel ou à Passerelle. Choisissez-en un autre.',
  common: 'Le mot de passe est de ceux que l’on essaie en premier. Choisissez-en un autre.',

  account: 'Votre compte',
  name: 'Nom',
  signsInBy: 'Identifiant',
  organization: 'Organisation',
  everyOrganization: 'toutes',
  rights: 'Droits',
  passwordChanged: 'Le mot de passe est changé, et les autres sessions sont fermées.',
  changePassword: 'Changer le mot de passe',
  secondFactors: 'Vérification en deux étapes',
  secondFactorsNone: 'Seul votre mot de passe protège ce compte.',
  totpOn: 'Application d’authentification',
  passkey: 'Clé d’accès',
  recoveryLeft: (number: number) => `Codes de secours : ${number} restants`,
  addFactor: 'Ajouter une méthode',
  remove: 'Retirer',
  removeThis: (name: string) => `Retirer : ${name}`,
  newCodes: 'Nouveaux codes de secours',
  sessions: 'Sessions ouvertes',
  thisSession: 'cet appareil',
  lastUsed: 'utilisée',
  begun: 'ouverte',
  endSession: 'Fermer',
  endThis: (name: string) => `Fermer la session : ${name}`,
  endOthers: 'Fermer toutes les autres',
  unknownBrowser: 'Navigateur inconnu',

  setUp: 'Protéger le compte en deux étapes',
  setUpDemanded: 'Vos droits l’exigent : choisissez une méthode avant de continuer.',
  setUpTotp: 'Avec une application d’authentification',
  setUpTotpHow:
    'Photographiez ce code avec l’application (par exemple FreeOTP, Aegis ou celle que votre clinique recommande), puis entrez le code qu’elle montre.',
  setUpTyped: 'Sans appareil photo, entrez cette clé dans l’application :',
  qr: 'Code QR pour l’application d’authentification',
  setUpCode: 'Code que montre l’application',
  setUpWrong:
    'Ce code n’est pas le bon. Vérifiez l’heure du téléphone, et entrez le code qui s’affiche à présent.',
  setUpPasskey: 'Avec une clé d’accès',
  setUpPasskeyHow: 'L’empreinte, le visage ou le code de cet appareil, ou une clé de sécurité.',
  passkeyName: 'Nom de la clé, pour la reconnaître',
  addPasskey: 'Ajouter une clé d’accès',
  passkeyFailed: 'La clé d’accès n’a pas été ajoutée. Réessayez.',
  save: 'Enregistrer',

  codesTitle: 'Codes de secours',
  codesWhy:
    'Si votre téléphone ou votre clé se perd, chacun de ces codes ouvre la session une fois. Notez-les : ils ne seront plus montrés.',
  codesDone: 'Je les ai notés',
};

export type Words = typeof fr;

const en: Words = {
  menu: 'Account and language',
  goOn: 'Continue',
  cancel: 'Cancel',
  expiredTitle: 'The form is no longer valid',
  expired:
    'Nothing was done: the form was opened too long ago, or did not come from here. Please start again.',
  busyTitle: 'One moment',
  busy: 'Too many people are signing in at this moment. Try again in a few seconds.',
  noHome:
    'Nobody can sign in by this address. Passerelle has to be reached by https at the address that PASSERELLE_URL gives, or from ' +
    'the very machine that it runs on.',

  signIn: 'Sign in',
  signedOut: 'You are signed out.',
  again: 'To change your account, first confirm who you are.',
  login: 'User name or e-mail',
  password: 'Password',
  wrong: 'This user name and this password do not go together.',
  forgotten: 'Forgot your password? The administrator of Passerelle can send you a link to choose another.',
  or: 'or',
  withProvider: (name) => `Continue with ${name}`,
  wait: (minutes) =>
    minutes <= 1
      ? 'Too many attempts. Wait a minute, then try again.'
      : `Too many attempts. Wait ${minutes} minutes, then try again.`,

  secondFactor: 'Verification',
  code: 'Six-digit code, or recovery code',
  codeHelp: 'The authenticator application of your telephone shows the code.',
  wrongCode:
    'This code is wrong, or was used before. Wait for the next one, and check the time of the telephone.',
  verify: 'Verify',
  usePasskey: 'Use a passkey',
  wrongPasskey: 'The passkey was not recognized. Try again, or use a code.',
  passkeyOnly: 'Your account asks for a passkey, or for one of your recovery codes.',

  signOut: 'Sign out',
  signOutAsk: 'Sign out on this device?',
  signingOut: (name) => `You are signed out here. You are being signed out at ${name} too.`,
  signOutThere: (name) => `Go on to ${name}`,

  providerTitle: 'Signing in did not work',
  providerFailed:
    'The identity provider does not answer as it should. Try again; if it goes on, tell the administrator of Passerelle.',
  providerDenied: 'The identity provider refused, or you cancelled.',
  providerExpired: 'This was asked for too long ago, or in another browser. Please start again.',
  providerWithoutRights:
    'Your identity is known, but has no rights here. Ask the administrator of Passerelle.',
  providerDisabled: 'Your account is disabled here. Ask the administrator of Passerelle.',
  backToSignIn: 'Back to signing in',
  toConsole: 'Open the console',
  demonstrator: 'Demonstration',
  entryTitle: 'This link is not valid any more',
  entryWrong: 'The link is of a former start: take the one that the terminal shows.',

  invitation: 'Choose a password',
  invitationFor: (name, login) => `For the account of ${name}, whose user name is ${login}.`,
  invitationOverTitle: 'The link is no longer valid',
  invitationOver: 'It was used before, or is over. Ask the administrator of Passerelle for another.',
  newPassword: 'New password',
  newPasswordHelp:
    'At least 12 characters. A few words that have nothing to do with each other make a good password.',
  repeat: 'The same once more',
  currentPassword: 'Current password',
  choose: 'Save the password',
  passwordsDiffer: 'The two passwords are not the same.',
  passwordWrong: 'The current password is wrong.',
  'too-short': 'The password is too short: it needs at least 12 characters.',
  'too-long': 'The password is too long: 256 characters at the most.',
  pattern: 'The password follows a pattern that is soon guessed. Choose another.',
  personal: 'The password is too close to your name, your e-mail or Passerelle. Choose another.',
  common: 'The password is among those that are tried first. Choose another.',

  account: 'Your account',
  name: 'Name',
  signsInBy: 'Signs in as',
  organization: 'Organization',
  everyOrganization: 'all',
  rights: 'Rights',
  passwordChanged: 'The password is changed, and the other sessions are ended.',
  changePassword: 'Change the password',
  secondFactors: 'Two-step verification',
  secondFactorsNone: 'Only your password protects this account.',
  totpOn: 'Authenticator application',
  passkey: 'Passkey',
  recoveryLeft: (number) => `Recovery codes: ${number} left`,
  addFactor: 'Add a method',
  remove: 'Remove',
  removeThis: (name) => `Remove: ${name}`,
  newCodes: 'New recovery codes',
  sessions: 'Where you are signed in',
  thisSession: 'this device',
  lastUsed: 'used',
  begun: 'since',
  endSession: 'End',
  endThis: (name) => `End the session: ${name}`,
  endOthers: 'End all others',
  unknownBrowser: 'Unknown browser',

  setUp: 'Protect the account in two steps',
  setUpDemanded: 'Your rights demand it: choose a method before you go on.',
  setUpTotp: 'With an authenticator application',
  setUpTotpHow:
    'Scan this code with the application (such as FreeOTP, Aegis or the one that your clinic recommends), then enter the code that it shows.',
  setUpTyped: 'Without a camera, enter this key into the application:',
  qr: 'QR code for the authenticator application',
  setUpCode: 'Code that the application shows',
  setUpWrong: 'This code is wrong. Check the time of the telephone, and enter the code that it shows now.',
  setUpPasskey: 'With a passkey',
  setUpPasskeyHow: 'The fingerprint, face or code of this device, or a security key.',
  passkeyName: 'Name of the passkey, to know it by',
  addPasskey: 'Add a passkey',
  passkeyFailed: 'The passkey was not added. Try again.',
  save: 'Save',

  codesTitle: 'Recovery codes',
  codesWhy:
    'If your telephone or your passkey is lost, each of these codes signs you in once. Write them down: they are not shown again.',
  codesDone: 'I have written them down',
};

export const WORDS: Readonly<Record<Language, Words>> = { fr, en };
