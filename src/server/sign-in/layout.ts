import type { Page } from './answer.ts';
import { type Html, html } from './html.ts';
import type { Visit } from './visit.ts';

/** What every page has around it. */
export const layout = (
  { title, body, path, next }: Page,
  { language, words, visitor }: Pick<Visit, 'language' | 'words' | 'visitor'>,
): string =>
  html`<!doctype html>
<html lang="${language === 'fr' ? 'fr-CA' : 'en-CA'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${next === undefined ? null : html`<meta http-equiv="refresh" content="0; url=${next.href}">`}
<title>${title} – Passerelle</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/auth/style.css">
<script type="module" src="/auth/passkey.mjs"></script>
</head>
<body>
<header>
<a class="brand" href="/">Passerelle</a>
<nav aria-label="${words.menu}">
${visitor ? html`<a href="/auth/sign-out">${words.signOut}</a>` : null}
${otherLanguage(language, path)}
</nav>
</header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.html;

const otherLanguage = (language: Visit['language'], path: string): Html =>
  language === 'fr'
    ? html`<a lang="en" hreflang="en" href="${path}?lang=en">English</a>`
    : html`<a lang="fr" hreflang="fr" href="${path}?lang=fr">Français</a>`;
