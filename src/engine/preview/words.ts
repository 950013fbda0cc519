import type { Instant } from '../../domain/instant.ts';
import type { Bilingual } from '../../domain/schedule.ts';

/** What a preview says. */

const moments = { fr: 'fr-CA', en: 'en-CA' } as const;

/** As people at the place would say it. */
export function momentAt(at: Instant, zone: string): Bilingual {
  const said = (language: keyof Bilingual): string =>
    new Intl.DateTimeFormat(moments[language], {
      ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
      ...{ hourCycle: 'h23', timeZone: zone },
    })
      .format(at)
      .replace(' h ', ':');
  return { fr: said('fr'), en: said('en') };
}

export const shareOf = (title: Bilingual, until: Bilingual): Bilingual => ({
  fr: `c’était la part de ${title.fr} jusqu’au ${until.fr}`,
  en: `it was the share of ${title.en} until ${until.en}`,
});

export const acrossShares = (until: Bilingual): Bilingual => ({
  fr: `l’heure chevauche les parts de deux plateformes : aucune ne la vend avant le ${until.fr}`,
  en: `the time lies across the shares of two platforms: neither sells it before ${until.en}`,
});

export const notReleased = (from: Bilingual): Bilingual => ({
  fr: `elle ne se réserve qu’à partir du ${from.fr}`,
  en: `it may be booked only from ${from.en}`,
});

export const tooLate = (until: Bilingual): Bilingual => ({
  fr: `trop tard : c’était possible jusqu’au ${until.fr}`,
  en: `too late: it was possible until ${until.en}`,
});

export const outageUnknown: Bilingual = {
  fr: 'on ne sait pas depuis quand la plateforme était en panne',
  en: 'it is not known since when the platform was down',
};

export const wasNotBooked = (reason: Bilingual): Bilingual => ({
  fr: `l’un des deux n’aurait pas pu réserver : ${reason.fr}`,
  en: `one of the two could not have booked: ${reason.en}`,
});

export const CLOSED_FIRST: Bilingual = {
  fr: 'l’heure aurait été fermée partout avant de répondre : un seul des deux aurait été confirmé',
  en: 'the time would have been closed everywhere before the answer: only one of the two would have been confirmed',
};

export const keptFirst = (title: Bilingual): Bilingual => ({
  fr: `la plus récente, chez ${title.fr}, aurait été annulée aussitôt, sans demander à personne, si rien n’était en doute`,
  en: `the later one, at ${title.en}, would have been cancelled at once without asking anybody, unless anything was in doubt`,
});

export const ASKED: Bilingual = {
  fr: 'les deux restent, et une personne décide',
  en: 'both stay, and a person decides',
};

export const HOLD_SHORTER: Bilingual = {
  fr: 'la retenue aurait pris fin avant que la personne ait terminé : l’heure aurait pu lui échapper',
  en: 'the hold would have ended before they had finished: they might have lost the time',
};
export const LAPSED_SOONER: Bilingual = {
  fr: 'abandonnée, l’heure se serait libérée plus tôt, si aucune durée n’était demandée',
  en: 'left alone, the time would have been free sooner, unless a length was asked for',
};
export const LAPSED_LATER: Bilingual = {
  fr: 'abandonnée, l’heure serait restée fermée plus longtemps, si aucune durée n’était demandée',
  en: 'left alone, the time would have stayed closed longer, unless a length was asked for',
};

export const UNKNOWNS = {
  elsewhere: {
    fr: 'Qui n’aurait pas pu réserver ici aurait peut-être pris une autre heure, ou la même ailleurs. Chaque réservation est jugée seule : ce qui en aurait découlé n’est pas rejoué.',
    en: 'Whoever could not have booked here might have taken another time, or the same one elsewhere. Each booking is judged by itself: what would have followed from it is not played on.',
  },
  refused: {
    fr: 'Qui a demandé une heure et ne l’a pas eue n’est noté nulle part : on ne peut compter ni ces demandes, ni celles qu’une règle plus souple aurait acceptées.',
    en: 'Who asked for a time and did not get it is recorded nowhere: neither these requests nor those that a looser rule would have accepted can be counted.',
  },
  rulesThen: {
    fr: 'Ce qui s’est passé s’est passé sous les règles d’alors. Si elles ont changé pendant ces jours, la colonne « aujourd’hui » n’est pas ce qui valait à ce moment.',
    en: 'What happened happened under the rules of that time. If they changed in these days, the column “today” is not what held then.',
  },
  seen: {
    fr: 'Une réservation faite chez une plateforme est datée par elle, ou du moment où Passerelle l’a lue : à quelques minutes près d’une limite, le contraire est possible. On n’y distingue pas le patient du personnel, qu’aucune règle n’arrête.',
    en: 'A booking made at a platform is dated by it, or by when Passerelle read it: within minutes of a limit the opposite is possible. Patients cannot be told there from staff, whom no rule stops.',
  },
  notOver: {
    fr: 'Ces jours ne sont pas finis : ce qui s’y réservera encore n’est pas compté.',
    en: 'These days are not over: what is still to be booked of them is not counted.',
  },
  notPlayed: {
    fr: 'La fraîcheur et l’horaire de travail (freshnessMinutes, roster) ne sont pas rejoués.',
    en: 'Freshness and the roster (freshnessMinutes, roster) are not played.',
  },
  tooMany: {
    fr: 'Il y en a plus que ce qui est regardé : les chiffres sont trop bas.',
    en: 'There is more than is looked at: the figures are too low.',
  },
} as const satisfies Record<string, Bilingual>;

export const knownSince = (since: Bilingual): Bilingual => ({
  fr: `Rien n’est connu de cet horaire avant le ${since.fr} : il a été lié alors.`,
  en: `Nothing is known of this schedule before ${since.en}: it was linked then.`,
});

export const hoursUnseen = (hours: number): Bilingual => ({
  fr: `Pendant ${hours} h de ces jours, aucune mesure n’existe : Passerelle ne travaillait pas, ou pas encore. Les pannes d’alors ne sont pas connues.`,
  en: `For ${hours} h of these days nothing was measured: Passerelle was not working, or not yet. Outages of that time are not known.`,
});
