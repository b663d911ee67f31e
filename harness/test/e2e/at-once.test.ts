// SPDX-License-Identifier: MIT
/** Commands at the same time on one tree: each has the kernels that it says. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {Results} from '../../verdict/results.js';
import {type Ended, Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(600_000);

const SERIES = {
  broken: stage.patch('mm: break it', () => stage.scenario('test toy-steady fail')),
  harmless: stage.patch('mm: another word', () => stage.write('scenario/50-note.txt', '# a word\n')),
};

async function verify(name: keyof typeof SERIES, at: number): Promise<Ended & {results: Results}> {
  const out = join(stage.folder, `${name}-${at}`);
  const words = [...stage.places(out), '-t', 'toy:steady', '--profiles', 'x86_64', '-j', '1'];
  const ended = await stage.run(['verify', SERIES[name], ...words]);
  return {...ended, results: JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results};
}

t.test('two that break it and two that do not', async (t) => {
  const ended = await Promise.all([
    verify('broken', 1),
    verify('harmless', 1),
    verify('broken', 2),
    verify('harmless', 2),
  ]);
  t.same(
    ended.map(({code, results}) => [code, results.verdict]),
    [
      [1, 'bad'],
      [0, 'good'],
      [1, 'bad'],
      [0, 'good'],
    ],
  );
  t.ok(
    ended.some(({stderr}) => /Waiting for the source tree linux-\w+: process \d+-\d+ has it/.test(stderr)),
    'they met',
  );
});
