// SPDX-License-Identifier: MIT
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {putInPlace} from '../../image/draft.js';

const fill =
  (text: string) =>
  async (work: string): Promise<string> => {
    writeFileSync(join(work, 'draft'), text);
    return join(work, 'draft');
  };

t.test('what was there is replaced, and only the result stays', async (t) => {
  const folder = t.testdir({target: 'old'});
  await putInPlace(join(folder, 'target'), 'it', fill('new'));
  t.equal(readFileSync(join(folder, 'target'), 'utf8'), 'new');
  t.same(readdirSync(folder), ['target']);
});

t.test('in a folder, files of other names stay; what is no file of ours is not replaced', async (t) => {
  const folder = t.testdir({target: {mine: 'mine', draft: 'old'}, other: {thesis: 'x'}});
  await putInPlace(join(folder, 'target'), 'it', async (work) => {
    await fill('new')(work);
    return work;
  });
  t.same(readdirSync(join(folder, 'target')).sort(), ['draft', 'mine']);
  t.equal(readFileSync(join(folder, 'target/draft'), 'utf8'), 'new');
  const message = `\`${join(folder, 'other')}\` is in the way, and kverdict did not make it`;
  await t.rejects(putInPlace(join(folder, 'other'), 'it', fill('new')), {message, blame: 'infra'});
  t.same(readdirSync(join(folder, 'other')), ['thesis']);
  t.same(readdirSync(folder).sort(), ['other', 'target']);
});

t.test('a failure leaves what was there, and no draft', async (t) => {
  const folder = t.testdir({target: 'old'});
  const fail = (error: Error) =>
    putInPlace(join(folder, 'target'), 'the thing', async (work) => {
      writeFileSync(join(work, 'half'), 'half');
      throw error;
    });
  await t.rejects(fail(new Error('torn')), {message: 'torn'});
  await t.rejects(fail(Object.assign(new Error('full'), {code: 'ENOSPC'})), {
    message: `No space left for the thing in \`${join(folder, 'target')}\``,
    blame: 'infra',
  });
  t.equal(readFileSync(join(folder, 'target'), 'utf8'), 'old');
  t.same(readdirSync(folder), ['target']);
});
