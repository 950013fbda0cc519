import type { Bilingual } from './schedule.ts';
import type { Eligibility, Mode, Reason, Reorientation } from './slot.ts';

/**
 * The codes of the regulation (A-2.2, r. 1, s. 4) in words. A slot carries bare codes in its extensions and not these
 * texts, because there are millions of slots (design.md, section 9) and four tables.
 */
export type Terms<Code extends string> = Readonly<Record<Code, Bilingual>>;

export const ELIGIBILITY_TERMS: Terms<Eligibility> = {
  'registered-doctor': {
    fr: 'Patients inscrits auprès de ce médecin',
    en: 'Patients registered with this doctor',
  },
  'registered-place': {
    fr: 'Patients inscrits auprès d’un autre médecin du même lieu',
    en: 'Patients registered with another doctor of the same place',
  },
  'registered-professional': {
    fr: 'Patients inscrits auprès d’un autre professionnel de la santé du même lieu',
    en: 'Patients registered with another health professional of the same place',
  },
  anyone: { fr: 'Toute autre personne', en: 'Anyone else' },
};

export const REASON_TERMS: Terms<Reason> = {
  urgent: { fr: 'Besoin urgent', en: 'Urgent need' },
  'semi-urgent': { fr: 'Besoin semi-urgent', en: 'Semi-urgent need' },
  'pregnancy-follow-up': { fr: 'Suivi de grossesse', en: 'Pregnancy follow-up' },
  'paediatric-follow-up': { fr: 'Suivi pédiatrique', en: 'Paediatric follow-up' },
  'regular-follow-up': { fr: 'Suivi régulier', en: 'Regular follow-up' },
};

export const REORIENTATION_TERMS: Terms<Reorientation> = {
  '811': { fr: 'Info-Santé et Info-Social 811', en: 'Info-Santé and Info-Social 811' },
  '911': { fr: 'Services d’urgence 911', en: '911 emergency services' },
  GAP: { fr: 'Guichet d’accès à la première ligne', en: 'Primary care access point' },
  CH: { fr: 'Centre hospitalier', en: 'Hospital centre' },
};

export const MODE_TERMS: Terms<Mode> = {
  'in-person': { fr: 'En personne, au lieu de consultation', en: 'In person, at the place' },
  home: { fr: 'En personne, à domicile', en: 'In person, at home' },
  video: { fr: 'Par vidéo', en: 'By video' },
  phone: { fr: 'Par téléphone', en: 'By phone' },
};
