// SPDX-License-Identifier: MIT
/** What the gate says of what it does not take (`lib/intake.ts`): what it is, what was expected, and how to go on. */
import {readlinkSync, type Stats} from 'node:fs';
import {InfraError, KernelError, type KverdictError, UserError} from './errors.js';

/** What may come in, and whose fault anything else is. */
export interface IntakeRule {
  /** Completes "Expected `PATH`, WHAT, to be a regular file". */
  what: string;
  blame: 'user' | 'infra' | 'kernel';
  maxBytes: number;
  /** `below`: a link is followed as long as it stays below the root (`make install` keeps those of the tree). */
  links?: 'below';
}

export type Blame = Omit<IntakeRule, 'maxBytes'>;

const ERRORS = {user: UserError, infra: InfraError, kernel: KernelError} as const;

/** Why a file cannot be opened, by what open(2) says. */
export const WHY: Readonly<Record<string, string>> = {
  ELOOP: 'a link',
  EXDEV: 'a link that leads out of its folder',
  EACCES: 'a file that may not be read',
  ENAMETOOLONG: 'a name that is too long',
};

export function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return 'a directory';
  if (stat.isFIFO()) return 'a FIFO';
  if (stat.isFile()) return 'a file';
  return stat.isSocket() ? 'a socket' : 'a device';
}

export function refused(
  path: string,
  rule: Blame,
  got: string,
  cause?: unknown,
  wanted = 'a regular file',
): KverdictError {
  const message = `Expected \`${path}\`, ${rule.what}, to be ${wanted}, got ${got}`;
  const target = got === 'a link' ? linkTarget(path) : '';
  return new ERRORS[rule.blame](`${message}${target}`, {hint: HINTS[rule.blame], facts: {path, got}, cause});
}

export function tooLarge(path: string, rule: IntakeRule, bytes: number): KverdictError {
  const message = `Expected \`${path}\`, ${rule.what}, to have at most ${rule.maxBytes} bytes, got ${bytes} or more`;
  return new ERRORS[rule.blame](message, {hint: HINTS[rule.blame], facts: {path, bytes, limit: rule.maxBytes}});
}

export function absent(path: string, rule: IntakeRule): KverdictError {
  return new ERRORS[rule.blame](`There is no \`${path}\`, ${rule.what}`, {hint: HINTS[rule.blame], facts: {path}});
}

const HINTS = {
  user: 'Give a plain file: `cp --dereference` makes one of a link, `cat` one of a pipe.',
  infra: 'Something else wrote there: `kverdict clean` removes what is kept, and it is made anew.',
  kernel: 'It was left by what the tree ran while it was built; kverdict does not read it.',
} as const;

function linkTarget(path: string): string {
  try {
    return ` to \`${readlinkSync(path)}\``;
  } catch {
    return '';
  }
}
