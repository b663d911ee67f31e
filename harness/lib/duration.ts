// SPDX-License-Identifier: MIT
const SECONDS: Readonly<Record<string, number>> = {s: 1, m: 60, h: 3600};

/** `90`, `90s`, `30m`, `2h` in seconds; undefined for anything else, and for nothing at all. Pure. */
export function parseDuration(text: string): number | undefined {
  const [, number = '', unit = 's'] = /^([0-9]+(?:\.[0-9]+)?)([smh])?$/.exec(text) ?? [];
  const seconds = Number(number) * (SECONDS[unit] ?? 1);
  return seconds > 0 ? seconds : undefined;
}
