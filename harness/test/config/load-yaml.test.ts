// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {z} from 'zod';
import {loadYaml, parseYaml} from '../../config/load-yaml.js';
import {UserError} from '../../lib/errors.js';

const schema = z.strictObject({
  name: z.string(),
  tests: z.array(z.strictObject({run: z.string(), timeout: z.int().min(1).default(45)})).default([]),
});

/** The message of what `text` is refused with. */
function refusal(text: string): string {
  try {
    parseYaml('suite.yaml', text, schema);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return '';
}

t.test('a good file, with its defaults', async (t) => {
  t.same(parseYaml('s.yaml', 'name: a\ntests:\n  - run: ./a\n', schema), {
    name: 'a',
    tests: [{run: './a', timeout: 45}],
  });
});

t.test('all problems with their lines, those deep inside as well', async (t) => {
  const text = ['name: 7', 'tests:', '  - run: ./a', '    timeout: 0', '  - runs: ./b', 'extra: 1', ''].join('\n');
  t.match(refusal(text).split('\n'), [
    /^suite\.yaml:1: name: .*expected string.*, got `7`$/,
    /^suite\.yaml:4: tests\.0\.timeout: .*, got `0`$/,
    /^suite\.yaml:5: tests\.1\.run: is missing \(expected string\)$/,
    /^suite\.yaml:5: tests\.1\.runs: unknown key$/,
    /^suite\.yaml:6: extra: unknown key$/,
  ]);
});

t.test('what is no YAML, twice the same key, nothing at all', async (t) => {
  t.match(refusal('name: [a\n'), /^suite\.yaml:\d: /);
  t.match(refusal('name: a\nname: b\n'), /^suite\.yaml:2: Map keys must be unique/);
  t.match(refusal(''), /^suite\.yaml:1: Invalid input: expected object/);
  t.match(refusal('- a\n'), /^suite\.yaml:1: /);
});

t.test('a file that is not there', async (t) => {
  t.throws(() => loadYaml(join(t.testdir(), 'none.yaml'), schema), {
    message: /Cannot read `.*none\.yaml`/,
    blame: 'user',
  });
});
