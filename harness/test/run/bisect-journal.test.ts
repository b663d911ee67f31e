// SPDX-License-Identifier: MIT
import t from 'tap';
import {type BisectRequest, folderName} from '../../run/bisect-journal.js';
import {plainRequest} from '../../run/request.js';

const asked: BisectRequest = {
  request: plainRequest('linux', ['clear_refs:race'], ''),
  ...{good: 'v6.11', bad: 'v6.12', firstParent: false, confidence: 0.99, limit: 3000},
};
const folderWith = (more: Partial<BisectRequest['request']>): string =>
  folderName({...asked, request: {...asked.request, ...more}});

t.test('what changes the answer is another question', async (t) => {
  const OTHER: Partial<BisectRequest['request']>[] = [
    {listDirs: ['lists']},
    {qemuDir: '/opt/qemu'},
    {selftestsFrom: 'base'},
    {suiteDirs: ['suites']},
    {profileDirs: ['machines']},
    {overrideTimeout: 9},
    {variables: {LLVM: '1'}},
    {profiles: ['arm64']},
  ];
  const folders = OTHER.map(folderWith);
  t.equal(new Set([folderName(asked), ...folders]).size, OTHER.length + 1);
});

t.test('how fast and how sure is not', async (t) => {
  t.equal(folderWith({jobs: 9, buildJobs: 9, budget: 90}), folderName(asked));
  t.equal(folderName({...asked, confidence: 0.9, limit: 9}), folderName(asked));
});
