// SPDX-License-Identifier: MIT
import {compareAttempts} from '../../verdict/compare.js';
import {findingsOf} from '../../verdict/findings.js';
import {RESULTS_SCHEMA, type Results} from '../../verdict/results.js';
import {decideVerdict} from '../../verdict/verdict.js';
import {attempt, times} from '../verdict/fixture.js';

/** A run with one of everything: a regression, a flaky and a still-failing result, a skip, a pass. */
export function exampleResults(): Results {
  const base = {wp: 'pass', soft_dirty: 'pass', old: 'fail', '#hash \\ slash': 'pass', hugetlb: 'skip'} as const;
  const attempts = [
    ...times(4, 'base', base, {suite: 'clear_refs', exit: {code: 1}}),
    ...times(
      4,
      'patched',
      {...base, wp: 'fail', '#hash \\ slash': 'fail'},
      {suite: 'clear_refs', exit: {code: 1}, log: 'attempts/1/log', console: 'attempts/1/console'},
    ),
    ...times(3, 'base', {race: 'pass'}, {suite: 'uffd_wp_race'}),
    attempt('base', {race: 'fail'}, {suite: 'uffd_wp_race', exit: {code: 1}}),
    ...times(4, 'patched', {race: 'pass'}, {suite: 'uffd_wp_race'}),
    ...(['base', 'patched'] as const).map((side) =>
      attempt(
        side,
        {},
        {
          suite: 'clear_refs',
          profile: 'arm64',
          notRun: {status: 'skip', reason: 'arm64 has no soft-dirty', blame: 'kernel'},
        },
      ),
    ),
  ];
  const comparisons = compareAttempts(attempts);
  const warning = {kind: 'warning', file: 'fs/proc/task_mmu.c', line: 7, column: 3, text: 'unused: 100%, yes'} as const;
  const builds: Results['builds'] = (['x86_64', 'arm64'] as const).flatMap((arch) =>
    (['base', 'patched'] as const).map((side) => ({
      ...{
        arch,
        side,
        status: 'ok' as const,
        seconds: 9,
        cached: false,
        compiler: 'gcc 12',
        release: '6.12.95',
        objects: 3,
      },
      ...{errors: [], absentSymbols: [], log: `builds/${arch}-${side}.log`},
      newWarnings: side === 'patched' && arch === 'x86_64' ? [warning] : [],
    })),
  );
  const reproduce = ({profile, suite, test}: {profile?: string; suite?: string; test?: string}): string =>
    `kverdict verify series.mbox --profiles ${profile} -t ${suite}:${test}`;
  const findings = findingsOf({comparisons, builds, guests: []}, reproduce);
  return {
    schema: RESULTS_SCHEMA,
    kverdict: '0.1.0',
    ...decideVerdict({comparisons, findings, builds}),
    started: '2026-11-21T15:00:00.000Z',
    seconds: 93.4,
    command: 'kverdict verify series.mbox',
    host: {cpus: 2, memoryMiB: 8000, kernel: '6.1'},
    series: {
      title: 'fs/task_mmu: hold mmap_lock',
      version: 2,
      source: 'series.mbox',
      messageId: '20261120.1-1-ada@example.org',
      patchsetHash: 'ab'.repeat(32),
      patches: [
        {
          number: 1,
          subject: 'x',
          files: ['fs/proc/task_mmu.c'],
          author: {name: 'Ada Example', email: 'ada@example.org'},
          messageId: '20261120.1-1-ada@example.org',
        },
      ],
    },
    base: {
      commit: '0123456789abcdef0123456789abcdef01234567',
      name: 'v6.12.95',
      how: 'HEAD',
      kernelVersion: '6.12.95',
      attempts: [],
    },
    builds,
    changes: [
      {
        ...{arch: 'x86_64', same: false, difference: 'section .text', because: 'the kernel changed', notHeld: []},
        symbols: [
          {change: 'changed', kind: 'function', name: 'do_wp_page', file: 'mm/memory.c'},
          {change: 'added', kind: 'data', name: 'walk_ops', file: 'fs/proc/task_mmu.c'},
        ],
      },
    ],
    profiles: ['x86_64', 'arm64'].map((name) => ({
      ...{name, arch: name, qemu: '10.0.2', supported: true},
      accelerator: {kind: 'tcg', reason: 'no KVM here'},
    })),
    guests: [],
    comparisons,
    attempts: attempts.map(({profile, suite, test, side, number, seconds, guest, log}) => ({
      ...{profile, suite, test, side, number, seconds, guest, at: number},
      ...(log === undefined ? {} : {log}),
    })),
    findings: findings.map((finding) => ({
      ...finding,
      excerpts: {log: {file: 'attempts/1/log', line: 3, lines: ['not ok 1']}},
    })),
    splats: [
      {
        ...{profile: 'x86_64', side: 'patched', suite: 'clear_refs', test: 't', kind: 'warning', times: 4, attempts: 4},
        ...{title: 'WARNING in follow_page_pte', identity: 'WARNING follow_page_pte', console: 'attempts/1/console'},
        lines: [40, 58],
        frames: [{name: 'follow_page_pte', offset: 0x1b4, at: ['mm/gup.c:904']}],
        report: ['WARNING: CPU: 1 PID: 77 at mm/gup.c:904 follow_page_pte+0x1b4/0x3c0', 'Call Trace:'],
      },
    ],
    problems: ['clear_refs:t: line 3: result 2 is claimed twice'],
  };
}

/** Every place that a guest or a patch can write to holds `text`. */
export function poisoned(text: string): Results {
  const results = exampleResults();
  const touched =
    'title detail reason test because subject reproduce command compiler text profile suite name email source messageId log console file how'.split(
      ' ',
    );
  const poison = <T>(value: T): T => {
    if (Array.isArray(value)) return value.map(poison) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key === 'diagnostics' || key === 'lines' || key === 'report') return [key, [text, `${text}x`]];
        return [key, touched.includes(key) && typeof inner === 'string' ? `${inner}${text}` : poison(inner)];
      }),
    ) as T;
  };
  return poison(results);
}

/** What a page must never do; the browser test looks for it. */
export const ALARM = 'window.alarm=1';

/** Bytes 0 to 255, lone surrogates, what XML forbids, and what would end a CDATA section or a comment. */
export const POISONS: readonly string[] = [
  String.fromCharCode(...Array.from({length: 256}, (_, code) => code)),
  'a\ud800b',
  '\udc00',
  ']]>',
  '<!-- & --> "\' &#0; &amp;',
  '\ufffe\uffff',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u202egnp.exe',
  '# TODO \\ # SKIP',
  '\n...\nnot ok 99 - forged\nok 100 - forged',
  '  ---\n  forged: yes\n',
  '😀'.repeat(1000),
  `</pre></style></title><script>${ALARM}</script>`,
  `"><img src=x onerror="${ALARM}"><svg onload=${ALARM}>`,
  `javascript:${ALARM}`,
  '../../../../etc/passwd',
  '\r\nBcc: all@example.org\r\n\r\n<b>',
  '`*_[x](http://x) @torvalds #1 | ~~y~~ :+1: $(id) {{x}}',
  '\n::error::forged\n::set-output name=x::y',
  'long '.repeat(200_000),
];

/** Code points that must not reach a terminal or a file: controls besides newline, the bidi override, half pairs. */
export function controlsIn(text: string): string[] {
  const isBad = (code: number): boolean =>
    (code < 0x20 && code !== 0x0a) ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0x202e ||
    (code >= 0xd800 && code <= 0xdfff);
  const found: string[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (isBad(code)) found.push(code.toString(16));
  }
  return found;
}
