import type { Report } from '../conformance/report.ts';
import { html, trusted } from '../server/sign-in/html.ts';

/** A conformance report as one page that needs nothing else. */

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8885; }
code { font-size: .9em; overflow-wrap: anywhere; }
.grade { font-size: 1.5rem; font-weight: 600; }
.failed, .refuted { color: #b3261e; font-weight: 600; }
.passed, .proven { color: #17692f; }
.why { white-space: pre-wrap; }
@media (prefers-color-scheme: dark) { .failed, .refuted { color: #ff8a80; } .passed, .proven { color: #7ddc95; } }
`;

export function htmlOf(report: Report): string {
  const { adapter, grade, missing, capabilities, cases, targets, at, suite } = report;
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${adapter.id}: conformance</title><style>${trusted(STYLE)}</style></head>
<body>
<h1>${adapter.title.en} <small lang="fr">${adapter.title.fr}</small></h1>
<p class="grade">${grade ?? 'no grade'}</p>
<p>Contract ${adapter.contract}. Run on ${targets.map(({ name, stage }) => `${name} (${stage})`).join(', ')}, ${at}.
Holds for the adapter <code>${adapter.hash}</code> and the suite <code>${suite}</code>.</p>
${missing.length === 0 ? null : html`<h2>For the next grade</h2><ul>${missing.map((each) => html`<li>${each}</li>`)}</ul>`}
<h2>Capabilities</h2>
<table><thead><tr><th scope="col">Capability</th><th scope="col">Declared</th><th scope="col">Proof</th></tr></thead>
<tbody>${capabilities.map(
    ({ capability, declared, proof }) =>
      html`<tr><td>${capability}</td><td>${declared}</td><td class="${proof}">${proof}</td></tr>`,
  )}</tbody></table>
<h2>Cases</h2>
<table><thead><tr><th scope="col">Case</th><th scope="col">What it asks</th><th scope="col">Grade</th><th scope="col">Outcome</th></tr></thead>
<tbody>${cases.map(
    (each) =>
      html`<tr><td><code>${each.id}</code></td><td>${each.title}${each.reason === null ? null : html`<div class="why">${each.reason}</div>`}</td><td>${each.grade}</td><td class="${each.outcome}">${each.outcome}</td></tr>`,
  )}</tbody></table>
</body></html>
`;
  return page.html;
}
