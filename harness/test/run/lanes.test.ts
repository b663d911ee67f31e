// SPDX-License-Identifier: MIT
import t from 'tap';
import type {RunEvent} from '../../lib/events.js';
import {fillLanes} from '../../run/lanes.js';
import {parseSelection} from '../../suite/select.js';
import type {Test} from '../../suite/suite.js';
import {targetSuite, targetSuites} from '../../suite/target-suite.js';

const suite = targetSuite('toy');
const lanes = ['x86_64', 'arm64'].map((profile) => ({profile, suite}));
const test = (name: string): Test => ({
  ...{name, run: `./${name}`, reader: 'ktap-or-exit', timeout: 45, racy: false},
  ...{arches: ['x86_64', 'arm64'], skipWithout: {}},
});

function fill(words: string[], tests: Record<string, string[]>, overrideTimeout?: number) {
  const events: RunEvent[] = [];
  const benches = new Map(
    Object.entries(tests).map(([arch, names]) => [
      arch,
      {
        profile: {name: arch, arch} as never,
        programs: new Map([[suite.name, {directory: '', missing: [], tests: names.map(test)}]]),
      },
    ]),
  );
  const selection = parseSelection(words, targetSuites(words));
  const filled = fillLanes({emit: (event) => events.push(event)}, lanes, benches, selection, overrideTimeout);
  return {rows: filled.map((lane) => [lane.profile, lane.suite.tests.map(({name}) => name)]), filled, events};
}

t.test('each architecture runs what its makefiles list', async (t) => {
  t.same(fill(['kselftest/toy'], {x86_64: ['a'], arm64: ['a', 'b']}).rows, [
    ['x86_64', ['a']],
    ['arm64', ['a', 'b']],
  ]);
  t.same(fill(['kselftest/toy:b/sub'], {x86_64: ['a'], arm64: ['a', 'b']}).rows, [['arm64', ['b']]]);
  const {rows, events} = fill(['kselftest/toy'], {x86_64: [], arm64: ['a']});
  t.same(rows, [['arm64', ['a']]]);
  t.match(events, [{type: 'warning', message: 'kselftest/toy has no tests for x86_64: x86_64 does not run it'}]);
});

t.test('a test that nobody lists, and nothing at all', async (t) => {
  t.throws(() => fill(['kselftest/toy:c'], {x86_64: ['a'], arm64: ['b']}), {
    message: 'There is no test of suite `kselftest/toy` called `c`',
    hint: "The tree's makefiles list: a, b.",
  });
  t.throws(() => fill(['kselftest/toy'], {x86_64: [], arm64: []}), {
    message: 'No selected suite has a test on a selected profile',
  });
  t.same(fill(['kselftest/toy'], {}).rows.length, 2, 'a profile that cannot be used is told elsewhere');
  t.same(fillLanes({emit: () => {}}, [], new Map(), []), [], 'what the compiler alone can show has no lanes');
});

t.test('one that only base lists can be asked for: that it is gone is shown by its own run', async (t) => {
  const own = new Map([[suite.name, {directory: '', missing: [], tests: [test('gone')]}]]);
  const programs = new Map([[suite.name, {directory: '', missing: [], tests: [test('a')]}]]);
  const benches = new Map([['x86_64', {profile: {name: 'x86_64', arch: 'x86_64'} as never, programs, own}]]);
  const words = ['kselftest/toy:gone'];
  const selection = parseSelection(words, targetSuites(words));
  const [lane] = fillLanes({emit: () => {}}, lanes.slice(0, 1), benches, selection);
  t.same(lane?.suite.tests, []);
  t.same(
    lane?.own?.tests.map(({name}) => name),
    ['gone'],
  );
});

t.test('--override-timeout is seconds on the clock', async (t) => {
  const {filled} = fill(['kselftest/toy'], {x86_64: ['a']}, 7);
  t.equal(filled[0]?.suite.tests[0]?.wallTimeout, 7);
  t.equal(fill(['kselftest/toy'], {x86_64: ['a']}).filled[0]?.suite.tests[0]?.wallTimeout, undefined);
});
