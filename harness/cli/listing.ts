// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {loadProfiles} from '../machine/load-profiles.js';
import {loadSuites} from '../suite/manifest.js';
import {SELFTESTS, TARGET_PREFIX, targetSuite} from '../suite/target-suite.js';
import {type ProfileState, profileState} from './profile-state.js';

export interface Listing {
  text: string;
  data: unknown;
}

const WORDS: Readonly<Record<ProfileState['state'], string>> = {
  works: 'works',
  unsupported: 'unsupported here',
  'not-tried': 'not tried yet',
};

/** Every profile, and whether this host can be trusted with it, as far as earlier runs found that out. */
export async function listProfiles(
  ctx: Context,
  qemuDir: string | undefined,
  directories: readonly string[],
): Promise<Listing> {
  const data: ({name: string; arch: ArchName; summary: string; works: boolean} & ProfileState)[] = [];
  for (const profile of loadProfiles(ctx, directories).values()) {
    const {name, arch, summary} = profile;
    const known = await profileState(ctx, profile, qemuDir);
    data.push({name, arch, summary, works: known.state === 'works', ...known});
  }
  const lines = data.map(
    ({name, state, reason, summary}) => `${name.padEnd(14)} ${WORDS[state]}: ${reason}\n${' '.repeat(15)}${summary}`,
  );
  return {data, text: lines.join('\n')};
}

/** Suites that are in no folder of ours: which there are is for each tree to say. */
const OF_THE_TREE = `${TARGET_PREFIX}TARGET  (${targetSuite('TARGET').profiles.join(', ')}; with --profiles any)
    Any TARGETS of ${SELFTESTS} of the tree under test, with its config fragment
    -t ${TARGET_PREFIX}timers
    -t ${TARGET_PREFIX}mm:run_vmtests.sh`;

/** Every suite with its tests, as `-t` takes them. */
export function listSuites(ctx: Context, directories: readonly string[]): Listing {
  const suites = [...loadSuites([join(ctx.paths.project, 'selftests/suites'), ...directories]).values()];
  const data = suites.map(({name, summary, profiles, tests, directory}) => ({
    name,
    summary,
    profiles,
    directory,
    tests: tests.map((test) => ({
      name: test.name,
      racy: test.racy,
      many: test.list !== undefined,
      timeout: test.timeout,
    })),
  }));
  const text = data
    .map(({name, summary, profiles, tests}) => {
      const head = `${name}  (${profiles.join(', ')})\n    ${summary}`;
      const rows = tests.map((test) => {
        const marks = [test.racy ? 'racy' : '', test.many ? 'one test for each name the program lists' : ''];
        const said = marks.filter((mark) => mark !== '').join('; ');
        return `    -t ${name}:${test.name}${said === '' ? '' : `  [${said}]`}`;
      });
      return [head, ...rows].join('\n');
    })
    .join('\n\n');
  return {data, text: `${text}\n\n${OF_THE_TREE}`};
}
