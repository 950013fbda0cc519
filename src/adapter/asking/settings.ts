import { z } from 'zod';
import { storableText } from '../texts.ts';
import { titled } from '../titled.ts';

/** What an adapter has to know of a platform that persons write to: spread into its own settings. */

const MINUTES_MAX = 7 * 24 * 60;

export const ASKING_SETTINGS = {
  title: storableText(100)
    .min(1)
    .describe('What the clinic calls the platform: tasks name it so')
    .meta(titled('Name', 'Nom', 'Comment la clinique appelle la plateforme : les tâches la nomment ainsi')),
  names: z
    .record(z.string().min(1).max(200), storableText(100).min(1))
    .default({})
    .describe('What the clinic calls its calendars, by their ids: tasks name them so; left out = by the id')
    .meta(
      titled(
        'Names of calendars',
        'Noms des agendas',
        'Comment la clinique appelle ses agendas, par identifiant : les tâches les nomment ainsi; sans réponse = par l’identifiant',
      ),
    ),
  closeWithinMinutes: z
    .number()
    .min(1)
    .max(MINUTES_MAX)
    .default(15)
    .describe(
      'Minutes that a person has to close time that was sold elsewhere: until then it may be sold twice',
    )
    .meta(
      titled(
        'Minutes to close',
        'Minutes pour fermer',
        'Minutes qu’a une personne pour fermer du temps vendu ailleurs : jusque-là, il peut se vendre deux fois',
      ),
    ),
  openWithinMinutes: z
    .number()
    .min(1)
    .max(MINUTES_MAX)
    .default(120)
    .describe('Minutes that a person has for everything else, such as opening time again')
    .meta(
      titled(
        'Minutes for the rest',
        'Minutes pour le reste',
        'Minutes qu’a une personne pour tout le reste, comme rouvrir du temps',
      ),
    ),
};

export type AskingSettings = {
  readonly title: string;
  readonly names: Readonly<Record<string, string>>;
  readonly closeWithinMinutes: number;
  readonly openWithinMinutes: number;
};
