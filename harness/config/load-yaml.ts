// SPDX-License-Identifier: MIT
/** Reads a YAML file into what a schema says; every problem is told at once, with its line. */
import {type Document, isMap, isScalar, LineCounter, parseDocument} from 'yaml';
import type {z} from 'zod';
import {UserError} from '../lib/errors.js';
import {type IntakeRule, namedBytes} from '../lib/intake.js';

interface Problem {
  line: number;
  path: string;
  message: string;
}

/** The largest of ours have some kilobytes. */
const YAML: IntakeRule = {what: 'in YAML', blame: 'user', maxBytes: 4 * 1024 * 1024};

/** `z.core.$ZodIssue` without the fields that differ by kind. */
type Issue = z.core.$ZodIssue;

/**
 * Make objects with `z.strictObject`: a key nobody knows is then a problem like any other.
 *
 * @throws UserError with one `file:line: path: message` a line
 */
export function loadYaml<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  let text: string;
  try {
    text = namedBytes(file, YAML).toString('utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`Cannot read \`${file}\``, {cause: error});
  }
  return parseYaml(file, text, schema);
}

/** As `loadYaml`, for text that is at hand; `file` is for the messages. @throws UserError */
export function parseYaml<S extends z.ZodType>(file: string, text: string, schema: S): z.output<S> {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false});
  const syntax = document.errors.map(({pos, message}) => ({line: lines.linePos(pos[0]).line, path: '', message}));
  if (syntax.length > 0) throw invalid(file, syntax);

  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;
  throw invalid(
    file,
    result.error.issues.flatMap((issue) => toProblems(issue, document, lines)),
  );
}

function invalid(file: string, problems: readonly Problem[]): UserError {
  const sorted = [...problems].sort((a, b) => a.line - b.line);
  const told = sorted.map(({line, path, message}) => `${file}:${line}: ${path === '' ? '' : `${path}: `}${message}`);
  return new UserError(told.join('\n'), {facts: {file, problems: sorted}});
}

function toProblems(issue: Issue, document: Document, lines: LineCounter): Problem[] {
  const at = (path: readonly PropertyKey[], message: string): Problem => ({
    line: lineOf(path, document, lines),
    path: path.map(String).join('.'),
    message,
  });
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => at([...issue.path, key], 'unknown key'));
  }
  if (issue.code === 'invalid_key') {
    const said = issue.issues.map(({message}) => message).join('; ');
    return [at(issue.path, `${said}, got \`${String(issue.path.at(-1))}\``)];
  }
  const got = valueAt(issue.path, document);
  const said = issue.message.replace(/^Invalid input: expected (\S+), received undefined$/, 'is missing (expected $1)');
  return [at(issue.path, got === undefined ? said : `${said}, got \`${JSON.stringify(got)}\``)];
}

function valueAt(path: readonly PropertyKey[], document: Document): unknown {
  const value = document.getIn(path as unknown[]);
  return typeof value === 'object' ? undefined : value;
}

/** The line of a key, or of the nearest thing around it that exists: a missing key is told where its parent starts. */
function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1) as unknown[], true);
    const key = path[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const node = isScalar(pair?.key) ? pair.key : document.getIn(path.slice(0, length) as unknown[], true);
    const range = (node as {range?: [number, number, number] | null} | undefined)?.range;
    if (range) return lines.linePos(range[0]).line;
  }
  return 1;
}
