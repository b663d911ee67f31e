// SPDX-License-Identifier: MIT
/** Kconfig's grammar but for its values: `y` and `m` both hold. What it cannot read holds, so it accuses nobody. */
export function holds(expression: string, values: ReadonlyMap<string, string>): boolean {
  const text = unwrap(expression.trim());
  const either = splitAt(text, '||');
  if (either.length > 1) return either.some((part) => holds(part, values));
  const both = splitAt(text, '&&');
  if (both.length > 1) return both.every((part) => holds(part, values));
  if (text.startsWith('!')) {
    const inner = text.slice(1).trim();
    return /^\w+$|^\(.*\)$/.test(inner) ? !holds(inner, values) : true;
  }
  if (text === 'y' || text === 'm') return true;
  if (text === 'n') return false;
  return /^[A-Za-z0-9_]+$/.test(text) ? values.has(`CONFIG_${text}`) : true;
}

function unwrap(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (const [index, char] of [...text].entries()) {
    if (char === '(') depth++;
    if (char === ')' && --depth === 0 && index < text.length - 1) return text;
  }
  return unwrap(text.slice(1, -1).trim());
}

/** Parts of an expression at an operator that is not within brackets. */
export function splitAt(text: string, operator: '&&' | '||'): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')') depth--;
    if (depth === 0 && text.startsWith(operator, at)) {
      parts.push(text.slice(start, at).trim());
      start = at + operator.length;
    }
  }
  return [...parts, text.slice(start).trim()];
}
