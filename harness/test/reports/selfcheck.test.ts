// SPDX-License-Identifier: MIT
import t from 'tap';
import {renderSelfcheck} from '../../../reports/selfcheck.js';
import {TABLE_BEGIN, TABLE_END, updateDocument} from '../../../reports/sentinel-table.js';
import {SELFCHECK_SCHEMA, type SelfcheckReport, type SentinelReport} from '../../sentinel/report.js';

const common = {thread: 'mm: a | thread', summary: 's', control: false, seconds: 41.6, kernel: '6.12.95'};
const SEEN: SentinelReport = {
  ...{...common, name: 'seen', outcome: 'detected', machine: 'QEMU 10.0.2, tcg', results: 'sentinels/seen'},
  rows: [
    {
      ...{profile: 'x86_64', what: 's:t/race', expected: 'regressed', outcome: 'detected', seen: 'regressed'},
      ...{base: {failed: 0, of: 5}, patched: {failed: 5, of: 5}, testSeconds: 9},
    },
    {
      ...{profile: 'arm64', what: 's:t/race', expected: 'regressed', outcome: 'detected', seen: 'regressed'},
      ...{base: {failed: 0, of: 5}, patched: {failed: 4, of: 5}},
    },
  ],
};
const BLIND: SentinelReport = {
  ...{...common, name: 'blind', outcome: 'missed', unseen: 'no TLB keeps it long enough'},
  rows: [
    {
      ...{profile: 'x86_64', what: 's:t', expected: 'regressed', outcome: 'missed', seen: 'unchanged'},
      ...{base: {failed: 0, of: 5}, patched: {failed: 0, of: 5}},
    },
  ],
};
const OLD: SentinelReport = {
  ...{...common, name: 'old', outcome: 'does-not-apply', detail: 'it applies to 5.10, and this is 6.12.95'},
  rows: [],
};

function report(...sentinels: SentinelReport[]): SelfcheckReport {
  return {
    ...{schema: SELFCHECK_SCHEMA, kverdict: '0', command: 'kverdict selfcheck', complete: true, seconds: 90},
    started: '2026-11-21T12:00:00.000Z',
    tree: {origin: 'linux.tar.xz', commit: 'c0ffee', kernelVersion: '6.12.95'},
    host: {cpus: 2, memoryMiB: 4096, kernel: '6.1'},
    sentinels,
  };
}

const screen = (...sentinels: SentinelReport[]): string =>
  renderSelfcheck(report(...sentinels), {width: 100, out: 'out/x'});

t.test('the table, and why what was not seen', (t) => {
  const text = screen(SEEN, BLIND, OLD);
  t.match(text, /^selfcheck: passed: 1 detected, 1 MISSED \(known\), 1 does not apply: Linux 6\.12\.95/);
  t.match(text, /^seen +mm: a \| thread +x86_64 +detected +0 of 5 +5 of 5 +42$/m);
  t.match(text, /^ +arm64 +detected +0 of 5 +4 of 5$/m);
  t.match(text, /^old +.* - +does not apply +- +- +42$/m);
  t.match(text, 'blind: x86_64: s:t: expected regressed, saw unchanged');
  t.match(text, 'blind: known to be missed: no TLB keeps it long enough');
  t.match(text, 'old: it applies to 5.10, and this is 6.12.95');
  t.match(text, 'files: out/x/selfcheck.json');
  const {unseen: _, ...missed} = BLIND;
  t.match(screen(missed), /^selfcheck: FAILED: 1 MISSED:/);
  t.match(screen(OLD), /^selfcheck: CANNOT TELL: 1 does not apply:/);
  t.end();
});

const DOCUMENT = `# Title\n\nbefore\n${TABLE_BEGIN}\n${TABLE_END}\nafter\n`;

t.test('the table of a document: measured rows are replaced, the others stay, what is gone goes', (t) => {
  const first = updateDocument(DOCUMENT, report(SEEN, BLIND), ['seen', 'blind']) ?? '';
  t.match(first, /^# Title\n\nbefore\n/);
  t.match(first, /\nafter\n$/);
  t.match(
    first,
    '| `seen` | mm: a \\| thread | x86_64 | s:t/race | detected | 0 of 5 | 5 of 5 | 42 | Linux 6.12.95, QEMU 10.0.2, tcg, 2 CPUs, 2026-11-21 |',
  );
  t.match(first, /\| `blind` .*\| \*\*missed\*\*: no TLB keeps it long enough \|/);
  t.ok(first.indexOf('`blind`') < first.indexOf('`seen`'), 'in the order of names');
  t.equal(updateDocument(first, report(SEEN, BLIND), ['seen', 'blind']), first, 'a second time changes nothing');

  const slower = updateDocument(first, report({...SEEN, seconds: 50}), ['seen', 'blind']) ?? '';
  t.match(slower, '| 5 of 5 | 50 |');
  t.notMatch(slower, '| 5 of 5 | 42 |');
  t.match(slower, '`blind`', 'not measured, and kept');
  t.notMatch(updateDocument(first, report(), ['seen']), '`blind`', 'its folder is gone');
  const kept = updateDocument(first, report({...SEEN, outcome: 'left-out', rows: []}), ['seen', 'blind']);
  t.equal(kept, first, 'one that was left out keeps its row');
  t.end();
});

t.test('a document without the markers is not written', (t) => {
  t.equal(updateDocument('# Title\n', report(SEEN), ['seen']), undefined);
  t.equal(updateDocument(`${TABLE_END}\n${TABLE_BEGIN}\n`, report(SEEN), ['seen']), undefined);
  t.end();
});
