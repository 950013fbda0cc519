import { readFile } from 'node:fs/promises';
import express, { type Router } from 'express';
import type { Manifest } from '../adapter/contract.ts';
import { type JsonSchema, jsonSchemaOf } from '../config/schema-node.ts';
import { casesProving } from '../conformance/proofs.ts';
import type { Directory } from '../domain/directory.ts';
import { Refused } from '../fhir/outcomes.ts';
import { sayingsOf } from './capability-words.ts';
import * as routes from './contract/adapters.ts';
import { StoredReport } from './contract/adapters.ts';
import type { Shown } from './contract/route.ts';
import { mount } from './mount.ts';

/** Which platforms can be connected, what each can do, and what proves it. It says nothing of any clinic. */

/** An adapter that is installed, as far as it is told of. */
export type CatalogueEntry = {
  readonly manifest: Manifest;
  /** Of another package: its name and version. */
  readonly source: string | null;
  /** Where its conformance report is, if it has one. */
  readonly reportFile: string;
  /** Where it is described, in the sources. */
  readonly readme: string | null;
};

export type AdaptersDependencies = {
  readonly directory: Directory;
  readonly catalogue: readonly CatalogueEntry[];
};

export function adaptersApi({ directory, catalogue }: AdaptersDependencies): Router {
  const router = express.Router();
  const { connections } = directory.entries;
  // What one organization has brought is told to no other.
  const told = catalogue.filter(
    ({ source, manifest }) => source === null || connections.some(({ platform }) => platform === manifest.id),
  );
  const sorted = told.sort((a, b) => (a.manifest.id < b.manifest.id ? -1 : 1));
  const summaryOf = ({ manifest, source, readme }: CatalogueEntry, report: StoredReport | null) => ({
    platform: manifest.id,
    title: manifest.title,
    kind: manifest.kind,
    contract: manifest.contract,
    source,
    grade: report?.grade ?? null,
    cases: report && countsOf(report),
    abilities: sayingsOf(manifest.capabilities).map(({ capability, says }) => ({ capability, says })),
    connections: connections.filter(({ platform }) => platform === manifest.id).map(({ id }) => id),
    readme,
  });

  mount(router, routes.listAdapters, async ({ reply }) => {
    const adapters = await Promise.all(
      sorted.map(async (entry) => summaryOf(entry, await reportIn(entry.reportFile))),
    );
    return reply(200, { adapters });
  });

  mount(router, routes.readAdapter, async ({ params, reply }) => {
    const entry = sorted.find(({ manifest }) => manifest.id === params.platform);
    if (!entry) throw unknownAdapter();
    const report = await reportIn(entry.reportFile);
    const { limits, settings } = entry.manifest;
    const schema = jsonSchemaOf(settings);
    return reply(200, {
      ...summaryOf(entry, report),
      capabilities: capabilitiesOf(entry.manifest, report),
      limits: {
        requests: limits.requests,
        windowMilliseconds: limits.windowMilliseconds,
        concurrency: limits.concurrency,
        timeoutMilliseconds: limits.timeoutMilliseconds,
        stalenessMilliseconds: limits.stalenessMilliseconds,
      },
      report: report && {
        at: report.at,
        missing: report.missing,
        targets: report.targets,
        cases: report.cases,
      },
      settings: { schema, secrets: secretsIn(schema) },
    });
  });

  return router;
}

function capabilitiesOf(
  { capabilities }: Manifest,
  report: StoredReport | null,
): Shown<typeof routes.Adapter>['capabilities'] {
  const proofs = new Map(report?.capabilities.map(({ capability, proof }) => [capability, proof]));
  const proving = casesProving(capabilities, report?.cases ?? []);
  return sayingsOf(capabilities).map((saying) => ({
    ...saying,
    proof: proofs.get(saying.capability) ?? null,
    provedBy: proving.get(saying.capability) ?? [],
  }));
}

function countsOf({ cases }: StoredReport) {
  const counts = { passed: 0, failed: 0, exempt: 0, untried: 0 };
  for (const { outcome } of cases) counts[outcome] += 1;
  return counts;
}

/** Null = there is none, or it cannot be read: it is told then as an adapter without one. */
async function reportIn(file: string): Promise<StoredReport | null> {
  try {
    return StoredReport.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** JSON Pointers (RFC 6901) of what is marked `writeOnly`, however deep. */
export function secretsIn(schema: JsonSchema): string[] {
  const found: string[] = [];
  const look = (node: unknown, pointer: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('writeOnly' in node && node.writeOnly === true) found.push(pointer);
    for (const [key, value] of Object.entries(node)) {
      look(value, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
  };
  look(schema, '');
  return found;
}

const unknownAdapter = (): Refused =>
  new Refused('not-found', {
    diagnostics: {
      fr: 'aucun connecteur n’a cet id : voyez GET /api/adapters',
      en: 'no adapter has this id: see GET /api/adapters',
    },
  });
