// Leaves out the library's styles of components that the console doesn't use: half of them.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import postcss from 'postcss';
import type { Plugin } from 'vite';

/** The library names its classes after a hash: "m_77c9d27d". */
const CLASS = /\.(m_[0-9a-f]+)/g;

export function usedStyles(): Plugin {
  let root = '';
  return {
    name: 'used-styles',
    apply: 'build',
    enforce: 'pre',
    configResolved(config) {
      root = config.root;
    },
    transform(code, id) {
      if (!id.split('?')[0]?.endsWith('@mantine/core/styles.layer.css')) return;
      const used = classesInUse(root);
      const styles = postcss.parse(code);
      styles.walkRules((rule) => {
        rule.selectors = rule.selectors.filter((selector) =>
          [...selector.matchAll(CLASS)].every(([, name]) => used.has(name ?? '')),
        );
        if (rule.selectors.every((selector) => selector === '')) rule.remove();
      });
      styles.walkAtRules((rule) => {
        if (rule.nodes?.length === 0) rule.remove();
      });
      return { code: styles.toString(), map: null };
    },
  };
}

/** The classes of the components that the sources name, or that the library's other packages or those components do. */
function classesInUse(root: string): Set<string> {
  const library = join(root, 'node_modules/@mantine');
  const core = join(library, 'core/esm');
  const homes = new Map(
    [
      ...readFileSync(join(core, 'index.mjs'), 'utf8').matchAll(/import \{([^}]+)\} from "(\.[^"]+)"/g),
    ].flatMap(([, names, file]) => namesIn(names).map((name) => [name, join(core, file ?? '')] as const)),
  );
  const seen = new Set<string>();
  const classes = new Set<string>();
  const look = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('.module.mjs')) for (const [name] of text.matchAll(/\bm_[0-9a-f]+/g)) classes.add(name);
    for (const [, near] of text.matchAll(/from "(\.[^"]+)"/g)) look(resolve(dirname(file), near ?? ''));
  };
  const others = readdirSync(library).filter((name) => name !== 'core');
  const folders = [join(root, 'src'), ...others.map((name) => join(library, name, 'esm'))];
  for (const file of folders.flatMap(scriptsIn)) {
    for (const [, names] of readFileSync(file, 'utf8').matchAll(
      /import (?!type)\{([^}]+)\} from ['"]@mantine\/core['"]/g,
    )) {
      for (const name of namesIn(names)) {
        const home = homes.get(name);
        if (home) look(home);
      }
    }
  }
  return classes;
}

function namesIn(list = ''): string[] {
  return list.split(',').map(
    (name) =>
      name
        .trim()
        .replace(/^type /, '')
        .split(' as ')[0] ?? '',
  );
}

function scriptsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|mjs)$/.test(name))
    .map((name) => join(folder, name));
}
