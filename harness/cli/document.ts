// SPDX-License-Identifier: MIT
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError, UserError} from '../lib/errors.js';

/** Brings a measured table of a document up to date: what `change` gives for its text is written. */
export type Document = (change: (text: string) => string | undefined) => void;

/**
 * The document to write, looked at before an hour of work is done for it.
 *
 * @param asked the option: absent, alone, or with a file
 * @param usual of the project
 * @param mark begins the table's place
 * @throws UserError when it has no place for the table
 */
export function documentOf(
  ctx: Pick<Context, 'paths'>,
  asked: true | string | undefined,
  usual: string,
  mark: string,
): Document | undefined {
  if (asked === undefined) return undefined;
  const file = asked === true ? join(ctx.paths.project, usual) : asked;
  if (!existsSync(file) || !readFileSync(file, 'utf8').includes(mark)) {
    throw new UserError(`\`${file}\` has no place for the table`, {hint: `It goes between ${mark} and its end.`});
  }
  return (change) => {
    const text = change(readFileSync(file, 'utf8'));
    if (text === undefined) throw new UserError(`\`${file}\` has no end of the table`);
    try {
      writeFileSync(file, text);
    } catch (error) {
      throw new InfraError(`Cannot write \`${file}\``, {cause: error});
    }
  };
}
