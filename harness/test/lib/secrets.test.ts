// SPDX-License-Identifier: MIT
import t from 'tap';
import {InfraError, messageOf} from '../../lib/errors.js';
import type {RunEvent} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {hasSecret, redact, redactLine} from '../../lib/secrets.js';

t.test('passwords and tokens of addresses', async (t) => {
  const cases: [string, string][] = [
    ['https://bob:S3CRET@host/x.git', 'https://***@host/x.git'],
    [
      "fatal: unable to access 'http://bob:S3CRET@127.0.0.1:9/': x",
      "fatal: unable to access 'http://***@127.0.0.1:9/': x",
    ],
    ['https://ghp_S3CRET@github.com/a', 'https://***@github.com/a'],
    ['ssh://git:S3CRET@host/x', 'ssh://git:***@host/x'],
    ['ssh://git@host/x git://host/y https://host/a@b', 'ssh://git@host/x git://host/y https://host/a@b'],
    ['{"url":"https://a:S3CRET@h/","n":1}', '{"url":"https://***@h/","n":1}'],
    ['HTTPS://A:S3CRET@h https://a:p%40S3CRET@h', 'HTTPS://***@h https://***@h'],
    ['mail me@host, at 12:30@noon', 'mail me@host, at 12:30@noon'],
  ];
  for (const [text, expected] of cases) t.equal(redact(text), expected);
});

t.test('values of settings whose name says that they are secret', async (t) => {
  t.equal(
    redactLine("GITHUB_TOKEN=abc MY_PASSWORD='a b' make ARCH=x86_64 X_API_KEY=1"),
    'GITHUB_TOKEN=*** MY_PASSWORD=*** make ARCH=x86_64 X_API_KEY=***',
  );
  t.equal(redactLine('make CC=gcc KEYS=2 TOKENS=3'), 'make CC=gcc KEYS=2 TOKENS=3');
});

t.test('which addresses may not be written into a file', async (t) => {
  for (const bad of [
    'https://a:b@h/',
    'ssh://a:b@h/',
    'https://ghp_abcdef@github.com/x',
    'https://0123456789abcdef0123@h/',
  ]) {
    t.equal(hasSecret(bad), true, bad);
  }
  for (const good of [
    'https://h/x',
    'https://bob@h/x',
    'ssh://git@h/x',
    'git@host:x.git',
    '/srv/linux.git',
    'https://h/a:b@c',
  ]) {
    t.equal(hasSecret(good), false, good);
  }
});

t.test('a message, its cause, a command that is told: at the door of each', async (t) => {
  const error = new InfraError('cannot fetch http://u:S3CRET@h/', {hint: 'try http://u:S3CRET@h/ by hand'});
  t.notMatch(`${error.message}${error.hint}${error.stack}`, /S3CRET/);
  t.notMatch(messageOf(new Error('x http://u:S3CRET@h/')), /S3CRET/);
  const events: RunEvent[] = [];
  const exec = createExec((event) => void events.push(event), new AbortController().signal);
  const done = await exec.run('true', ['http://u:S3CRET@h/'], {env: {MY_TOKEN: 'S3CRET'}});
  t.equal(done.line, 'MY_TOKEN=*** true http://***@h/');
  t.notMatch(JSON.stringify(events), /S3CRET/);
});
