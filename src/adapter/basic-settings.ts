import { z } from 'zod';
import { IS_SECRET } from './secret.ts';
import { titled } from './titled.ts';

/** Settings of an adapter whose platform takes a name and a password (HTTP Basic, RFC 7617), or neither: who uses them refines that. */
export const BASIC_SETTINGS = {
  username: z
    .string()
    .min(1)
    .optional()
    .describe('For HTTP Basic, with `password`')
    .meta(
      titled('User name', 'Nom d’utilisateur', 'Pour l’authentification HTTP de base, avec « password »'),
    ),
  password: z
    .string()
    .min(1)
    .optional()
    .describe('For HTTP Basic, with `username`. Secret')
    .meta(IS_SECRET)
    .meta(
      titled('Password', 'Mot de passe', 'Pour l’authentification HTTP de base, avec « username ». Secret'),
    ),
};
