// Writes a .br and a .gz beside everything that compresses, so that the server never has to.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const KINDS = new Set(['.css', '.html', '.js', '.json', '.svg', '.webmanifest']);

/** The server fills a nonce into this page, so it is compressed when it is answered. */
const TEMPLATE = 'index.html';

/** Below this size a compressed file saves nothing that anybody notices. */
const WORTH_IT = 1024;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

export function precompress(): Plugin {
  let folder = 'dist';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle(error?: Error) {
      if (error) return;
      const names = await readdir(folder, { recursive: true });
      const chosen = names.filter((name) => KINDS.has(extname(name)) && name !== TEMPLATE);
      await Promise.all(chosen.map((name) => compress(join(folder, name))));
    },
  };
}

async function compress(file: string) {
  const plain = await readFile(file);
  if (plain.length < WORTH_IT) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
  };
  await Promise.all([
    writeFile(`${file}.br`, await brotli(plain, { params })),
    writeFile(`${file}.gz`, await zip(plain, { level: 9 })),
  ]);
}
