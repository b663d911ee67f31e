// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import t from 'tap';
import {fileName} from '../../run/file-name.js';

t.test('names that can be file names are, and a listed one is nearly', (t) => {
  const names = ['race', 'race-once', 'test.sh', 'unit:minor', '..a', '-v', 'x'.repeat(120)];
  t.same(names.map(fileName), ['race', 'race-once', 'test.sh', 'unit+minor', '..a', '-v', 'x'.repeat(120)]);
  t.end();
});

t.test('any other keeps what can be read of it, and has a hash behind it', (t) => {
  t.equal(fileName('a/b'), 'a_b~6df7cee24c7627c8517c73bf');
  t.match(fileName('../../etc/passwd'), /^\.\._\.\._etc_passwd~[0-9a-f]{24}$/);
  t.match(fileName('..'), /^\.\.~[0-9a-f]{24}$/);
  t.match(fileName(''), /^~[0-9a-f]{24}$/);
  t.match(fileName('y'.repeat(1_000_000)), /^y{80}~[0-9a-f]{24}$/);
  t.end();
});

t.test('no two tests share a log', (t) => {
  const alike = [
    'a/b',
    'a b',
    'a:b',
    'a+b',
    'a_b',
    'a\nb',
    'a  b',
    'a',
    'A',
    `${'z'.repeat(120)}1`,
    `${'z'.repeat(120)}2`,
  ];
  const names = [...alike, ...alike.map(fileName), '.', '..', '', '\ud800', '\ud801'];
  const wanted = new Set(names);
  t.equal(new Set([...wanted].map(fileName)).size, wanted.size);
  t.end();
});

t.test('whatever the names are', (t) => {
  const name = fc.oneof(
    fc.string({unit: 'binary'}),
    fc.string({unit: fc.constantFrom('.', '/', ':', '+', '~', 'a', ' ')}),
  );
  const isSafe = (file: string): boolean => /^[A-Za-z0-9._+~-]{1,120}$/.test(file) && file !== '.' && file !== '..';
  const holds = (one: string, other: string): boolean => {
    const [first, second] = [fileName(one), fileName(other)];
    return isSafe(first) && isSafe(second) && (first === second) === (one === other);
  };
  t.doesNotThrow(() => fc.assert(fc.property(name, name, holds), {numRuns: 2000}));
  t.end();
});
