// SPDX-License-Identifier: MIT
/** What the documents tell people to type must exist: verbs, options, scripts, links. */
import {execFileSync} from 'node:child_process';
import {accessSync, constants, existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';

const {project} = resolvePaths();
const documents = [
  'README.md',
  ...readdirSync(join(project, 'docs'), {recursive: true, encoding: 'utf8'})
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const MAIN = join(project, 'dist/harness/cli/main.js');

const textOf = (name: string): string => readFileSync(join(project, name), 'utf8');
const help = new Map<string, string>();

function helpOf(verb: string): string {
  const known = help.get(verb);
  if (known !== undefined) return known;
  const text = execFileSync(process.execPath, [MAIN, verb, '--help'], {encoding: 'utf8'});
  help.set(verb, text);
  return text;
}

/** Lines of shell blocks, without comments. */
function shellLines(text: string): string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .flatMap((block) => (block[1] ?? '').split('\n'))
    .map((line) => line.replace(/\s#.*$/, '').trim())
    .filter((line) => line !== '');
}

for (const name of documents) {
  t.test(name, (t) => {
    for (const line of shellLines(textOf(name))) {
      const words = line.split(/\s+/);
      const script = words.find((word) => word.startsWith('scripts/'));
      if (script !== undefined) {
        accessSync(join(project, script), constants.X_OK);
        t.pass(script);
      }
      const at = words.indexOf('kverdict');
      if (at === -1) continue;
      const verb = words[at + 1] ?? '';
      const text = helpOf(verb);
      for (const option of words.slice(at + 2).filter((word) => /^--?[a-z]/.test(word))) {
        t.ok(new RegExp(`(^|[\\s,])${option}\\b`, 'm').test(text), `${line}: ${option}`);
      }
    }
    for (const [, target = ''] of textOf(name).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      t.ok(existsSync(join(project, name, '..', target)), `${name} links to ${target}`);
    }
    t.end();
  });
}
