// SPDX-License-Identifier: MIT

export interface Setting {
  section: string;
  subsection: string;
  key: string;
  value: string;
}

/**
 * A reader of git's configuration files by git-config(1), written down here once more: letter by letter, so that quotes
 * and backslashes count as they do for git.
 */
export function readConfig(text: string): Setting[] {
  const found: Setting[] = [];
  let [section, subsection] = ['', ''];
  let at = 0;
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const [match = ''] = pattern.exec(text) ?? [];
    at += match.length;
    return match;
  };
  while (at < text.length) {
    if (skip(/[\s]+/y) !== '') continue;
    if (text[at] === '#' || text[at] === ';') skip(/[^\n]*/y);
    else if (text[at] === '[') {
      at += 1;
      section = skip(/[A-Za-z0-9.-]+/y).toLowerCase();
      skip(/[ \t]+/y);
      subsection = text[at] === '"' ? quotedName() : '';
      if (text[at++] !== ']') throw new Error(`a section that does not end: ${text.slice(at - 20, at)}`);
    } else {
      const key = skip(/[A-Za-z][A-Za-z0-9-]*/y).toLowerCase();
      if (key === '') throw new Error(`no key: ${JSON.stringify(text.slice(at, at + 20))}`);
      skip(/[ \t]+/y);
      if (text[at] === '=') at += 1;
      skip(/[ \t]+/y);
      found.push({section, subsection, key, value: value()});
    }
  }
  return found;

  /** A backslash takes the next letter as it is; a line break is an error. */
  function quotedName(): string {
    let name = '';
    for (at += 1; text[at] !== '"'; at++) {
      if (text[at] === '\n' || at >= text.length) throw new Error('a line break in a name');
      if (text[at] === '\\') at += 1;
      name += text[at];
    }
    at += 1;
    return name;
  }

  function value(): string {
    let said = '';
    let gap = '';
    let quoted = false;
    for (; at < text.length; at++) {
      const letter = text[at] ?? '';
      if (letter === '\n' && !quoted) break;
      if (letter === '\n') throw new Error('a line break in quotes');
      // Blanks at the end do not count.
      if (!quoted && /[ \t]/.test(letter)) {
        gap += letter;
        continue;
      }
      if (/[#;]/.test(letter) && !quoted) {
        skip(/[^\n]*/y);
        break;
      }
      said += gap;
      gap = '';
      if (letter === '"') quoted = !quoted;
      else if (letter === '\\') {
        const next = text[++at] ?? '';
        const meant: Record<string, string> = {n: '\n', t: '\t', b: '\b', '\\': '\\', '"': '"', '\n': ''};
        if (!(next in meant)) throw new Error(`\\${next} is no escape`);
        said += meant[next];
      } else said += letter;
    }
    return said;
  }
}
