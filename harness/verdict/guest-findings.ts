// SPDX-License-Identifier: MIT

import {clip} from '../lib/text.js';
import type {Reproduce} from './findings.js';
import type {BuildRecord, Finding, GuestRecord, ProfileRecord} from './results.js';
import {isForAll, symbolWords} from './untestable.js';

/** Characters of a reason in a title. */
const MAX_WHY = 200;

/** A profile whose guests never boot on one side. The other side tells whose fault it is. */
export function guestFindings(
  {
    guests,
    builds,
    profiles,
  }: {guests: readonly GuestRecord[]; builds: readonly BuildRecord[]; profiles: readonly ProfileRecord[]},
  reproduce: Reproduce,
): Finding[] {
  const findings: Finding[] = [];
  for (const profile of new Set(guests.map((guest) => guest.profile))) {
    const boots = (side: GuestRecord['side']): boolean =>
      guests.some((one) => one.profile === profile && one.side === side && one.ended !== 'boot-failed');
    for (const side of ['base', 'patched', 'only'] as const) {
      const failed = guests.find((one) => one.profile === profile && one.side === side && one.ended === 'boot-failed');
      if (failed === undefined) continue;
      const never = !boots(side);
      if (failed.blame === 'infra') {
        const title = `${profile}: a guest could not be started: ${(failed.detail ?? '').split('\n').slice(0, 2).join(' ')}`;
        // The host's trouble has no side: once is enough.
        if (findings.some((finding) => finding.title === title)) continue;
        findings.push({
          severity: 'warning',
          kind: 'infra',
          title,
          ...(failed.detail === undefined ? {} : {detail: failed.detail}),
          reproduce: reproduce({kind: 'infra', profile}),
          profile,
        });
        continue;
      }
      const what = side === 'patched' ? 'the patched kernel' : side === 'base' ? 'the base kernel' : 'the kernel';
      findings.push({
        severity: side === 'patched' && never && boots('base') ? 'bad' : 'warning',
        kind: 'boot-failed',
        title: `${profile}: ${what} ${bootWords(never, withoutWords(failed, builds, profiles))}${whyOf(failed)}`,
        ...(failed.detail === undefined ? {} : {detail: failed.detail}),
        reproduce: reproduce({kind: 'boot-failed', profile}),
        profile,
      });
    }
  }
  return findings;
}

function bootWords(never: boolean, without: string): string {
  return never ? `does not boot${without}` : 'did not boot once, and did another time';
}

/** In the first words of the guest's record; which guest it was is no matter. */
function whyOf({detail = ''}: GuestRecord): string {
  const [line = ''] = detail.split('\n');
  const why = line.replace(/^Guest \S+ did not boot: /, '');
  return why === '' ? '' : `: ${clip(why, MAX_WHY)}`;
}

/** Where the patched kernel never boots, that is the finding: not each test that it could not run. */
export function deadOn(profile: string, guests: readonly GuestRecord[]): boolean {
  const patched = guests.filter((guest) => guest.profile === profile && guest.side === 'patched');
  return patched.length > 0 && patched.every(({ended}) => ended === 'boot-failed');
}

/** What every guest asks for and this one's kernel is without may be why it does not boot. */
function withoutWords(
  {profile, side}: GuestRecord,
  builds: readonly BuildRecord[],
  profiles: readonly ProfileRecord[],
): string {
  const arch = profiles.find(({name}) => name === profile)?.arch;
  const build = builds.find((one) => one.arch === arch && one.side === side);
  const without = (build?.missingSymbols ?? []).filter(isForAll);
  return without.length === 0 ? '' : `; its tree has no ${symbolWords(without)}`;
}
