// SPDX-License-Identifier: MIT
import type {CompilerMessage} from './kernel-build.js';

interface Pattern {
  tool: string;
  match: RegExp;
  /** Everything but what the groups `file`, `line`, `column`, `kind` and `text` say. */
  read?: (groups: Readonly<Record<string, string | undefined>>) => Partial<CompilerMessage> | undefined;
}

/** `mm/memory.o` came from `mm/memory.c`, unless it is one of the last links. */
const sourceOf = (object: string): string =>
  /(?:^|\/)(?:vmlinux|built-in)\b/.test(object) ? '' : object.replace(/\.o$/, '.c');

/**
 * One row a shape of message; the first that fits wins. Indented lines are source snippets, so only the prefix of
 * mailed reports (three spaces) is let through.
 */
const PATTERNS: readonly Pattern[] = [
  {
    tool: 'objtool',
    match: /^(?<object>\S+\.o): (?<kind>warning|error): (?<text>objtool: .*)$/,
    read: ({object = ''}) => ({file: sourceOf(object), line: 0, column: 0}),
  },
  {
    tool: 'gcc and clang',
    match:
      /^(?: {3})?(?<file>[^\s:][^:]*):(?<line>\d+):(?<column>\d+): (?:fatal )?(?<kind>warning|error): (?<text>.*)$/,
  },
  {
    tool: 'Kconfig',
    match: /^(?<file>[^\s:]*Kconfig[^\s:]*):(?<line>\d+):(?:(?<kind>warning|error): ?| )(?<text>.*)$/,
    read: ({kind}) => (kind === undefined ? {kind: 'error'} : {}),
  },
  {
    // What a merged .config overrides is our own doing.
    tool: 'conf reading .config',
    match: /^\S*\.config\S*:\d+:(?<kind>warning): (?<text>.*)$/,
    read: () => undefined,
  },
  {
    tool: 'assembler, and linkers that know the line',
    match:
      /^(?: {3})?(?<file>[^\s:][^:]*\.[A-Za-z]+):(?<line>\d+): (?<kind>[Ww]arning|[Ee]rror|undefined reference|multiple definition)(?<rest>:? .*)$/,
    read: ({kind = '', rest = ''}) =>
      /^[we]/i.test(kind) ? {text: rest.replace(/^:? /, '')} : {kind: 'error', text: `${kind}${rest}`},
  },
  {
    tool: 'linker, by section',
    match:
      /^(?:\S*ld(?:\.bfd|\.gold)?: )?(?<file>[^\s:()]+\.[A-Za-z]+):\([^)]*\): (?<text>undefined reference to .*|multiple definition of .*|relocation truncated .*)$/,
    read: ({file = ''}) => ({kind: 'error', file: file.endsWith('.o') ? sourceOf(file) : file}),
  },
  {
    tool: 'ld',
    match: /^(?:\S*\/)?(?:[\w-]+-)?ld(?:\.bfd|\.gold|\.lld)?: (?:(?<kind>warning|error): )?(?<text>.*)$/,
    // `ld: mm/memory.o: in function …` goes before the line that says what is wrong.
    read: ({kind, text = ''}) =>
      kind !== undefined ? {} : / in function /.test(text) ? undefined : {kind: 'error', text},
  },
  {
    tool: 'modpost and other scripts',
    match: /^(?<kind>WARNING|ERROR): (?<text>(?:modpost: |unmet direct dependencies |vmlinux|"|\S+\.o).*)$/,
  },
  {
    tool: 'compiler drivers',
    match: /^(?:[\w-]*-)?(?:gcc|cc1|clang|cc|as)(?:-\d+)?: (?:fatal )?(?<kind>warning|error): (?<text>.*)$/,
  },
  {
    tool: 'make, in a makefile',
    match:
      /^(?<file>[^\s:]+):(?<line>\d+): (?:\*\*\* )?(?<text>missing separator.*?|No such file or directory|[^*]*?)\.?(?: {2}Stop\.)$/,
    read: () => ({kind: 'error'}),
  },
  {
    tool: 'make, a missing makefile',
    match: /^(?<from>[^\s:]+):\d+: (?<file>[^\s:]+\/(?:Makefile|Kbuild)): (?<text>No such file or directory)$/,
    read: () => ({kind: 'error'}),
  },
  {
    tool: 'make',
    match: /^make(?:\[\d+\])?: \*\*\* (?<text>No rule to make target .*?)\.?(?: {2}Stop\.)?$/,
    read: () => ({kind: 'error'}),
  },
];

const OPTION = / \[(?:-Werror[=,])?(?:-W)?(?<name>[a-z][\w+=#-]*)(?:,-Werror)?\]$/;

/** The message that one line of a build log is; absent when it is none. Its path is as printed. */
export function readMessage(line: string): CompilerMessage | undefined {
  for (const {match, read} of PATTERNS) {
    const groups = match.exec(line)?.groups;
    if (groups === undefined) continue;
    const special = read === undefined ? {} : read(groups);
    if (special === undefined) return undefined;
    const message: CompilerMessage = {
      kind: /warning/i.test(groups.kind ?? '') ? 'warning' : 'error',
      file: groups.file ?? '',
      line: Number(groups.line ?? 0),
      column: Number(groups.column ?? 0),
      text: groups.text ?? '',
      ...special,
    };
    return withOption(message);
  }
  return undefined;
}

/** Takes `[-Wunused-variable]` off the text; `[-Werror=…]` names the same option. */
function withOption(message: CompilerMessage): CompilerMessage {
  const match = OPTION.exec(message.text);
  if (match === null) return message;
  return {...message, text: message.text.slice(0, match.index), option: `-W${match.groups?.name}`};
}
