// SPDX-License-Identifier: MIT
import t from 'tap';
import {compareAttempts} from '../../verdict/compare.js';
import {type Coverage, type CoverageInput, coverageOf, type TouchedFile} from '../../verdict/coverage.js';
import {coverageLines, missedWords, nothingCompiled, shareWords} from '../../verdict/coverage-words.js';
import type {Finding, ProfileRecord} from '../../verdict/results.js';
import {decideVerdict, type VerdictInput} from '../../verdict/verdict.js';
import {attempt} from './fixture.js';

const source = (file: string, ...arches: string[]): TouchedFile => ({file, kind: 'source', arches});
const profile = (name: string): ProfileRecord => ({
  ...{name, arch: name, qemu: '10', supported: true},
  accelerator: {kind: 'tcg', reason: ''},
});
const ran = (suite: string, test: string) =>
  compareAttempts(
    (['base', 'patched'] as const).map((side) => attempt(side, {a: 'pass'}, {suite, test, profile: 'x86_64'})),
  );
const INPUT: CoverageInput = {
  arches: ['x86_64', 'arm64'],
  comparisons: ran('clear_refs', 'race'),
  changes: [],
  profiles: [profile('x86_64'), profile('arm64')],
};
const cover = (files: TouchedFile[], more: Partial<CoverageInput> = {}): Coverage =>
  coverageOf(files, {...INPUT, ...more});
const missed = (files: TouchedFile[], more: Partial<CoverageInput> = {}) =>
  cover(files, more).touched.map((one) => [one.file, one.missed]);

t.test('what counts, and what was compiled of it', (t) => {
  const coverage = cover([
    source('mm/memory.c', 'x86_64', 'arm64'),
    {file: 'Documentation/x.rst', kind: 'prose', arches: []},
    {file: 'mm/Kconfig', kind: 'build', arches: []},
    source('mm/memcontrol-v1.c'),
  ]);
  t.same([coverage.files, coverage.compiled, coverage.arches], [2, 1, ['x86_64', 'arm64']]);
  t.same(
    coverage.touched.map((one) => one.file),
    ['mm/memcontrol-v1.c', 'mm/memory.c', 'Documentation/x.rst', 'mm/Kconfig'],
    'what was missed comes first',
  );
  t.equal(shareWords(coverage), '1 of 2 touched files');
  t.end();
});

t.test('compiled where nothing ran is not seen', (t) => {
  const arm = source('arch/arm64/mm/fault.c', 'arm64');
  t.same(missed([arm]), [['arch/arm64/mm/fault.c', 'not-run']]);
  const unchanged = {arch: 'arm64', same: true, notHeld: [], symbols: []};
  t.same(missed([arm], {changes: [unchanged]}), [['arch/arm64/mm/fault.c', undefined]], 'it does what it did');
  t.same(missed([arm], {comparisons: []}), [['arch/arm64/mm/fault.c', undefined]], 'no run at all is another matter');
  const skipped = compareAttempts([
    ...(['base', 'patched'] as const).map((side) => attempt(side, {a: 'skip'}, {profile: 'arm64'})),
    attempt('patched', {a: 'pass'}, {profile: 'x86_64'}),
  ]);
  t.same(missed([arm], {comparisons: skipped}), [['arch/arm64/mm/fault.c', 'not-run']], 'a skip is no run');
  t.end();
});

t.test('a selftest is seen when its test ran', (t) => {
  const selftest = (suite: string, tests: string[], strict: boolean): TouchedFile => ({
    ...{file: 'tools/testing/selftests/mm/soft-dirty.c', kind: 'tools', arches: []},
    programs: [{suite, tests, strict}],
  });
  const of = (one: TouchedFile) => missed([one], {comparisons: ran('soft_dirty', 'soft-dirty')})[0]?.[1];
  t.equal(of(selftest('soft_dirty', ['soft-dirty'], true)), undefined);
  t.equal(of(selftest('soft_dirty', ['cow'], true)), 'not-run', 'another test of the suite says nothing about it');
  const listed = {comparisons: ran('soft_dirty', 'unit:minor')};
  t.equal(missed([selftest('soft_dirty', ['unit'], true)], listed)[0]?.[1], undefined, 'one that it lists');
  t.equal(missed([selftest('soft_dirty', ['uni'], true)], listed)[0]?.[1], 'not-run');
  t.equal(of(selftest('soft_dirty', [], false)), undefined, 'what all tests of it share');
  t.equal(of(selftest('gup_cow', [], false)), 'not-run');
  t.equal(of({file: 'tools/perf/x.c', kind: 'tools', arches: []}), 'no-suite');
  t.end();
});

t.test('a line for each reason, exactly', (t) => {
  const files = [
    source('mm/memcontrol.c'),
    source('mm/memory.c', 'x86_64'),
    source('mm/memcontrol-v1.c'),
    {...source('arch/riscv/mm/fault.c'), otherArch: 'riscv'},
    {...source('mm/old.c'), untold: ['arm64']},
    source('arch/arm64/mm/fault.c', 'arm64'),
    {file: 'tools/testing/selftests/net/x.c', kind: 'tools', arches: []} as TouchedFile,
    {
      ...{file: 'tools/testing/selftests/mm/cow.c', kind: 'tools', arches: []},
      programs: [{suite: 'gup_cow', tests: ['cow'], strict: true}],
    } as TouchedFile,
  ];
  const coverage = cover(files);
  t.same(coverageLines(coverage), [
    'not compiled, in no kernel of this run (x86_64, arm64): mm/memcontrol.c, mm/memcontrol-v1.c',
    'not compiled, source of riscv, of which no kernel was built: arch/riscv/mm/fault.c',
    'not known to be compiled, the stored kernel of arm64 does not say what it was compiled from: mm/old.c',
    'not run, compiled for arm64 alone, where no test ran: arch/arm64/mm/fault.c',
    'not run, no chosen suite runs what is made of it: tools/testing/selftests/net/x.c',
    'not run, no test of it ran in gup_cow: tools/testing/selftests/mm/cow.c',
  ]);
  t.equal(
    missedWords(coverage),
    'not compiled or not known to be compiled or not run: mm/memcontrol.c, mm/memcontrol-v1.c, arch/riscv/mm/fault.c and 4 more',
  );
  t.same(coverageLines(undefined), []);
  t.same(coverageLines(cover([source('mm/memory.c', 'x86_64')])), [], 'nothing is to be said of all');
  t.end();
});

t.test('many files: the first ones, and how many more', (t) => {
  const many = Array.from({length: 18}, (_, i) => source(`drivers/net/f${i}.c`));
  t.same(coverageLines(cover(many)), [
    `not compiled, in no kernel of this run (x86_64, arm64): ${many
      .slice(0, 6)
      .map(({file}) => file)
      .join(', ')} and 12 more, all of them in results.json`,
  ]);
  const huge = cover(Array.from({length: 6000}, (_, i) => source(`f${i}.c`)));
  t.same([huge.files, huge.touched.length, huge.omitted], [6000, 5000, 1000]);
  t.end();
});

const decide = (coverage: Coverage | undefined, more: Partial<VerdictInput> = {}) =>
  decideVerdict({comparisons: INPUT.comparisons, findings: [], builds: [], coverage, ...more});

t.test('a verdict over a part of the series is another word than one over all of it', (t) => {
  const whole = [source('mm/memory.c', 'x86_64')];
  const part = [...whole, source('mm/memcontrol.c'), source('mm/memcontrol-v1.c')];
  t.same(decide(cover(whole)), {verdict: 'good', because: '1 result passed, and none got worse'});
  t.same(decide(undefined), {verdict: 'good', because: '1 result passed, and none got worse'});
  t.same(decide(cover([{file: 'Documentation/x.rst', kind: 'prose', arches: []}])), {
    verdict: 'good',
    because: '1 result passed, and none got worse',
  });
  t.same(decide(cover(part)), {
    verdict: 'good-in-part',
    because:
      'good as far as compiled: 1 of 3 touched files; 1 result passed, and none got worse; not compiled: mm/memcontrol.c, mm/memcontrol-v1.c',
  });
  const none = cover(part.slice(1));
  t.same(decide(none), {
    verdict: 'inconclusive',
    because: 'nothing that was touched can be judged: not compiled: mm/memcontrol.c, mm/memcontrol-v1.c',
  });
  t.equal(nothingCompiled(none), decide(none).because);
  const bad: Finding = {severity: 'bad', kind: 'regressed', title: 'worse', reproduce: ''};
  t.same(decide(cover(part), {findings: [bad]}), {verdict: 'bad', because: 'worse'});
  t.same(decide(none, {findings: [bad]}), {verdict: 'bad', because: 'worse'});
  t.end();
});

t.test('where no guest was needed it is the same', (t) => {
  const changes = [{arch: 'x86_64', same: true, notHeld: [], symbols: []}];
  const profiles = [{...profile('x86_64'), skipped: 'nothing that runs changed'}];
  const input = {arches: ['x86_64'], comparisons: [], changes, profiles};
  const coverage = coverageOf([source('mm/memory.c', 'x86_64'), source('mm/memcontrol.c')], input);
  t.same(decide(coverage, {comparisons: [], changes, profiles}), {
    verdict: 'good-in-part',
    because:
      'good as far as compiled: 1 of 2 touched files; nothing that runs changed on x86_64, so no test had to be run; not compiled: mm/memcontrol.c',
  });
  t.end();
});
