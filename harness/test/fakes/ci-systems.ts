// SPDX-License-Identifier: MIT
/**
 * How CI systems find commands in the log of a job, as small as it can be and more generous than they are: any name
 * counts, known or not.
 *
 * - GitHub: actions/runner, ActionCommand.cs, TryParseV2 (`::name props::data`, after blanks) and TryParse (`##[name]`,
 *   anywhere in a line). Lines end as .NET's ReadLine has it.
 * - Azure Pipelines: azure-pipelines-agent, Command.cs (`##vso[area.event …]`, anywhere, in any case).
 * - TeamCity: ServiceMessage (`##teamcity[name …]`, anywhere).
 * - GitLab: runner and web, `section_start:TIME:NAME[options]` CR ESC `[0K`, anywhere.
 */
export function commandsIn(log: string): string[] {
  return [
    ...log.split(/\r\n|\r|\n/).flatMap((line) => [...github(line), ...bracketed(line)]),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what GitLab looks for
    ...(log.match(/section_(?:start|end):\d+:[^\r\n]*\r\u001b\[0K/g) ?? []),
  ];
}

/** What .NET's TrimStart takes away: White_Space of Unicode. */
const BLANKS = /^[\t-\r\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

function github(line: string): string[] {
  const message = line.replace(BLANKS, '');
  if (!message.startsWith('::')) return [];
  const end = message.indexOf('::', 2);
  return end > 2 ? [message] : [];
}

function bracketed(line: string): string[] {
  return line.match(/##(?:vso|teamcity)?\[[^\]]*\]?/gi) ?? [];
}

/** What a terminal acts on, or shows in another order or not at all. */
export const ACTING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u;
