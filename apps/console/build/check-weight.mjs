// Says what the built console weighs, and fails when it has become too heavy. What the guest list transfers in all is
// measured in a browser, by e2e/smoke.spec.ts; this finds the heavy file without one.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What every page loads: the files that index.html names. Bytes, compressed. The font comes on top, and the data. */
const SHELL = 240_000;

/** Any other file that a page loads when it needs it. */
const PIECE = 150_000;

const dist = join(import.meta.dirname, '../dist');
const page = await readFile(join(dist, 'index.html'), 'utf8');
const first = new Set([...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, name]) => name));

const weights = [];
for (const name of await readdir(dist, { recursive: true })) {
  if (!/\.(js|css|svg|woff2)$/.test(name)) continue;
  const compressed = await stat(join(dist, `${name}.br`)).catch(() => stat(join(dist, name)));
  weights.push({ name, bytes: compressed.size, first: first.has(name) });
}
weights.sort((a, b) => b.bytes - a.bytes);

const shell = weights.filter((file) => file.first).reduce((sum, file) => sum + file.bytes, 0);
const heavy = weights.filter((file) => !file.first && /\.(js|css)$/.test(file.name) && file.bytes > PIECE);
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`Every page loads ${kB(shell)} of at most ${kB(SHELL)}. The heaviest pieces:`);
for (const { name, bytes } of weights.slice(0, 8)) console.log(`  ${kB(bytes).padStart(9)}  ${name}`);
if (shell > SHELL || heavy.length > 0) {
  console.error(
    `Too heavy: ${[shell > SHELL && 'what every page loads', ...heavy.map(({ name }) => name)].filter(Boolean).join(', ')}`,
  );
  process.exit(1);
}
