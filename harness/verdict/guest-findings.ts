// SPDX-License-Identifier: MIT

import {clip} from '../lib/text.js';
import type {Reproduce} from './findings.js';
import type {BuildRecord, Finding, GuestRecord, ProfileRecord} from './results.js';
import {isForAll, symbolWords} from './untestable.js';

/** Characters of a reason in a title. */
const MAX_WHY = 200;

interface Told {
  guests: readonly GuestRecord[];
  builds: readonly BuildRecord[];
  profiles: readonly ProfileRecord[];
}

/** The first guest of a profile and side that did not boot, and what became of the others there. */
interface Failed {
  guest: GuestRecord;
  /** No guest of its side ever booted on this profile. */
  never: boolean;
  /** One of base did. */
  baseBoots: boolean;
}

const SIDES = ['base', 'patched', 'only'] as const;
const KERNEL: Readonly<Record<GuestRecord['side'], string>> = {
  base: 'the base kernel',
  patched: 'the patched kernel',
  only: 'the kernel',
};

/** A profile whose guests do not boot on one side, once for each side; what the host did has no side, and is told once. */
export function guestFindings(told: Told, reproduce: Reproduce): Finding[] {
  const profiles = [...new Set(told.guests.map(({profile}) => profile))];
  const findings = profiles.flatMap((profile) =>
    SIDES.flatMap((side) => failedOn(told.guests, profile, side) ?? []).map((failed) =>
      failed.guest.blame === 'infra' ? hostFinding(failed, reproduce) : kernelFinding(failed, told, reproduce),
    ),
  );
  const titles = findings.map(({title}) => title);
  return findings.filter(({kind, title}, at) => kind !== 'infra' || titles.indexOf(title) === at);
}

function failedOn(guests: readonly GuestRecord[], profile: string, side: GuestRecord['side']): Failed | undefined {
  const boots = (which: GuestRecord['side']): boolean =>
    guests.some((one) => one.profile === profile && one.side === which && one.ended !== 'boot-failed');
  const guest = guests.find((one) => one.profile === profile && one.side === side && one.ended === 'boot-failed');
  return guest && {guest, never: !boots(side), baseBoots: boots('base')};
}

function hostFinding({guest: {profile, detail}}: Failed, reproduce: Reproduce): Finding {
  const why = (detail ?? '').split('\n').slice(0, 2).join(' ');
  return {
    severity: 'warning',
    kind: 'infra',
    title: `${profile}: a guest could not be started: ${why}`,
    ...(detail === undefined ? {} : {detail}),
    reproduce: reproduce({kind: 'infra', profile}),
    profile,
  };
}

function kernelFinding({guest, never, baseBoots}: Failed, told: Told, reproduce: Reproduce): Finding {
  const {profile, side, detail} = guest;
  const how = never ? `does not boot${withoutWords(guest, told)}` : 'did not boot once, and did another time';
  return {
    severity: side === 'patched' && never && baseBoots ? 'bad' : 'warning',
    kind: 'boot-failed',
    title: `${profile}: ${KERNEL[side]} ${how}${whyOf(guest)}`,
    ...(detail === undefined ? {} : {detail}),
    reproduce: reproduce({kind: 'boot-failed', profile}),
    profile,
  };
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
function withoutWords({profile, side}: GuestRecord, {builds, profiles}: Told): string {
  const arch = profiles.find(({name}) => name === profile)?.arch;
  const build = builds.find((one) => one.arch === arch && one.side === side);
  const without = (build?.missingSymbols ?? []).filter(isForAll);
  return without.length === 0 ? '' : `; its tree has no ${symbolWords(without)}`;
}
