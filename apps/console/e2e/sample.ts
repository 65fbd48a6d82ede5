// Makes the sample organization once; every server starts from a copy of it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SampleData, Vestibule } from './server';

const VARIABLE = 'VESTIBULE_E2E_SAMPLE';

/** Run by Playwright before everything; what it returns is run after everything. */
export default async function makeSample() {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-sample-'));
  const server = await Vestibule.start(folder);
  // The mails of the sample are on their way; a copy should have them all.
  await server.mail.settled();
  await server.stop();
  const sample: SampleData = { folder, adminToken: server.adminToken };
  process.env[VARIABLE] = JSON.stringify(sample);
  return () => rm(folder, { recursive: true, force: true });
}

/** The sample of this run. */
export function sample(): SampleData {
  const text = process.env[VARIABLE];
  if (!text) throw new Error('no sample was made: run this through playwright.config.ts');
  return JSON.parse(text) as SampleData;
}
