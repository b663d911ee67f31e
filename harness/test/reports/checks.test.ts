// SPDX-License-Identifier: MIT
/** What b4 and Patchwork read: few words a machine, and never better than the verdict. */
import {Ajv} from 'ajv';
import t from 'tap';
import {renderB4} from '../../../reports/b4.js';
import {renderPatchwork} from '../../../reports/patchwork.js';
import type {Results} from '../../verdict/results.js';
import {syntheticResults} from '../fakes/synthetic-results.js';
import {controlsIn, exampleResults, POISONS, poisoned} from './fixture.js';
import {repairing, repairingNothing} from './repairs.js';

const url = 'https://ci.example.org/r/1';
const ajv = new Ajv();
/** b4's misc/review-ci-example.py names these fields and no other. */
const isB4 = ajv.compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['tool', 'status'],
    additionalProperties: false,
    properties: {
      tool: {type: 'string', minLength: 1},
      status: {enum: ['pass', 'warn', 'fail']},
      summary: {type: 'string', pattern: '^[^\\n]*$'},
      url: {type: 'string'},
      details: {type: 'string'},
    },
  },
});
/** Patchwork's CheckCreate: a slug of at most 255 characters, and a state by its name. */
const isPatchwork = ajv.compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['state', 'context'],
    additionalProperties: false,
    properties: {
      state: {enum: ['pending', 'success', 'warning', 'fail']},
      context: {type: 'string', pattern: '^[-a-zA-Z0-9_]{1,255}$'},
      description: {type: 'string', pattern: '^[^\\n]*$', maxLength: 255},
      target_url: {type: 'string', pattern: '^https://'},
    },
  },
});

const FORMATS = [
  {name: 'b4', render: renderB4, isValid: isB4},
  {name: 'patchwork', render: renderPatchwork, isValid: isPatchwork},
];

for (const {name, render, isValid} of FORMATS) {
  t.test(`${name}: legal whatever bytes the guest printed`, (t) => {
    for (const results of [exampleResults(), ...POISONS.map(poisoned)]) {
      const text = render(results, {links: '', url});
      t.ok(isValid(JSON.parse(text)), ajv.errorsText(isValid.errors));
      t.same(controlsIn(text), []);
    }
    t.end();
  });
}

t.test('a column of b4 for the verdict, the builds and each machine', (t) => {
  t.match(JSON.parse(renderB4(exampleResults(), {links: ''})), [
    {tool: 'kverdict', status: 'fail', summary: /^bad: /, details: /reproduce|kverdict verify/},
    {tool: 'kverdict-build', status: 'warn', summary: '4 kernels built, 1 new warning'},
    {tool: 'kverdict-x86_64', status: 'fail', summary: /2 new fail/},
    {tool: 'kverdict-arm64', status: 'warn', summary: '0 pass, 0 new fail, 1 skip'},
  ]);
  t.notMatch(renderB4(exampleResults(), {links: ''}), '"url"', 'no address unless one is given');
  t.match(renderB4(exampleResults(), {links: '', url}), `"url": "${url}/report.html"`);
  t.end();
});

t.test('a series that repairs is not counted as one that changes nothing', (t) => {
  const words = (results: Results): string[] =>
    JSON.parse(renderPatchwork(results, {links: ''}))
      .filter(({context}: {context: string}) => ['kverdict', 'kverdict-x86_64'].includes(context))
      .map(({description}: {description: string}) => description);
  const cannot = 'nothing passed in x86_64 uffd_wp_race: skipped on both sides: no uffd-wp bit';
  t.same(words(repairing()), [
    `inconclusive: 1 fixed, 1 fails less often, none worse; ${cannot}`,
    '3 pass, 1 fixed, 0 new fail, 1 skip, 1 fails less often',
  ]);
  t.same(words(repairingNothing()), [
    `inconclusive: 1 fails with and without the series, none worse; ${cannot}`,
    '1 pass, 0 new fail, 1 skip, 1 fails without the series too',
  ]);
  const b4 = JSON.parse(renderB4(repairing(), {links: ''})) as {tool: string; summary: string}[];
  t.equal(b4.find(({tool}) => tool === 'kverdict-x86_64')?.summary, words(repairing())[1]);
  t.end();
});

t.test('new regressions fail a check, what is flaky or open warns, and nothing seen is no success', (t) => {
  const states = (verdict: 'good' | 'bad' | 'inconclusive'): Record<string, string> => {
    const checks = JSON.parse(renderPatchwork(syntheticResults({verdict, subtests: 60}), {links: ''}));
    return Object.fromEntries(checks.map((one: {context: string; state: string}) => [one.context, one.state]));
  };
  t.match(states('bad'), {kverdict: 'fail', 'kverdict-build': 'success', 'kverdict-x86_64': 'fail'});
  t.match(states('inconclusive'), {kverdict: 'warning', 'kverdict-x86_64': 'warning'});
  const empty = {...exampleResults(), verdict: 'inconclusive' as const, comparisons: [], findings: [], builds: []};
  for (const {state} of JSON.parse(renderPatchwork(empty, {links: ''}))) t.equal(state, 'warning');
  t.end();
});
