// SPDX-License-Identifier: MIT
/**
 * Which options of a compiler's command are used again that a build left: those that say how code is compiled. A
 * compiler has others, which run a program (`-fplugin=`, `-B`, `-wrapper`, `-specs=`), read a list of further ones
 * (`@file`) or write a file (`-o`, `-MF`, `-fdump-`, `-Wp,-MD`); none of them is needed to see a warning.
 */

/** The next word is theirs. */
const WITH_VALUE = /^-(?:include|imacros|isystem|iquote|idirafter|[IDUx])$/;
/** Of clang's sanitizers: `-mllvm -asan-stack=1`. Others load code. */
const OF_SANITIZERS = /^-(?:asan|hwasan|msan|kcsan|tsan|sanitizer)-[\w=.-]+$/;
const PARAMETER = /^[\w-]+=\d+$/;

const PLAIN: readonly RegExp[] = [
  /^-[IDU]./,
  // Not those that hand words on to other programs: `-Wa,`, `-Wl,`, `-Wp,`.
  /^-W[\w+=.-]+$/,
  /^-Wa,-(?:m|-?gdwarf)[\w=+.-]*$/,
  /^-std=[\w+]+$/,
  /^-O[0-3sgz]?$/,
  /^-g(?!split)[\w=-]*$/,
  /^-m(?!llvm$)[\w=+.,-]+$/,
  /^-f(?!plugin|dump|compare-debug|save-|callgraph-info|profile|test-coverage|opt-info|time-|pass-)[\w-]+$/,
  /^-f(?:align|no-align|min)-[a-z-]+=\d+$/,
  /^-f(?:patchable-function-entry|max-errors|message-length|asan-shadow-offset)=[\w,]+$/,
  /^-f(?:trivial-auto-var-init|stack-check|strict-flex-arrays|zero-call-used-regs|cf-protection)=[\w-]+$/,
  /^-f(?:excess-precision|tls-model|visibility|sanitize[a-z-]*|no-sanitize[a-z-]*|experimental[a-z-]*)=[\w,:-]+$/,
  /^-f(?:macro|file|debug)-prefix-map=/,
  /^--target=[\w-]+$/,
  /^--param=[\w-]+=\d+$/,
  /^-(?:c|w|pg|pipe|ansi|nostdinc|nostdlib|Qunused-arguments|no-integrated-as|integrated-as|undef)$/,
];

/** Named by the caller: what it writes and which dependencies it notes. */
const LEFT_OUT = /^-Wp,-MM?D,/;

/**
 * Pure. The options of a command, without its output and its source.
 *
 * @param words behind the compiler's name
 * @returns what was read, or the word that is not used again
 */
export function optionsOf(words: readonly string[]): {options: string[]; sources: string[]} | {refused: string} {
  const options: string[] = [];
  const sources: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const next = words[at + 1] ?? '';
    if (LEFT_OUT.test(word)) continue;
    if (word === '-o') at += 1;
    else if (WITH_VALUE.test(word)) options.push(word, words[++at] ?? '');
    else if (word === '--param' && PARAMETER.test(next)) options.push(word, words[++at] ?? '');
    else if (word === '-mllvm' && OF_SANITIZERS.test(next)) options.push(word, words[++at] ?? '');
    else if (PLAIN.some((known) => known.test(word))) options.push(word);
    else if (/^[-@]/.test(word)) return {refused: word};
    else sources.push(word);
  }
  return {options, sources};
}
