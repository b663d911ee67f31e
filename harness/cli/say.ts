// SPDX-License-Identifier: MIT
/** The one door to stdout and stderr (`scripts/check-writers.ts`); an interactive guest has the terminal for itself. */
import {jsonText, plain, screen} from '../lib/writer.js';

/** Lines of text on stdout. */
export const say = (text: string): void => void process.stdout.write(`${plain(text)}\n`);

/** A screen of ours with its colours, ending as it does. */
export const sayScreen = (text: string): void => void process.stdout.write(screen(text));

/** A value on stdout. @param indent blanks; 0: on one line */
export const sayJson = (value: unknown, indent = 2): void => void process.stdout.write(`${jsonText(value, indent)}\n`);

/** A report that its renderer has made fit for where it goes (`reports/render.ts`). */
export const sayReport = (text: string): void => void process.stdout.write(text);

/** Lines of text on stderr. */
export const tell = (text: string): void => void process.stderr.write(`${plain(text)}\n`);
