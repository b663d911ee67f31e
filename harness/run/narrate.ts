// SPDX-License-Identifier: MIT
import type {Bisection} from '../bisect/bisection.js';
import {judgeSeen} from '../bisect/hunt.js';
import type {Oracle} from '../bisect/oracle.js';
import type {Context} from '../lib/context.js';
import type {Named} from './bisect-summary.js';

/** Candidates that together weigh so much are what is left to look at. */
const MOST_OF_IT = 0.95;

/** The same oracle; after each step a line says what it showed and how far the search is. */
export function narrate<Members>(
  ctx: Context,
  oracle: Oracle,
  bisection: Bisection<Members>,
  {commitOf, subjectOf}: Named,
): Oracle {
  const say = (at: number, what: string): void =>
    ctx.emit({type: 'note', message: `${commitOf(at).slice(0, 12)} ${subjectOf(at)}: ${what}`});
  return {
    async prepare(at) {
      const finding = await oracle.prepare(at);
      if (finding.type === 'skip') say(at, `skip: ${finding.reason}`);
      const twin = [...bisection.search.kernels].find(
        ([other, kernel]) => other !== at && finding.type === 'kernel' && kernel === finding.kernel,
      );
      if (twin !== undefined) say(at, `the same kernel as ${commitOf(twin[0]).slice(0, 12)}: it needs no guest`);
      return finding;
    },
    async *attempt(at, attempts) {
      const said = {bad: 0, good: 0, mute: 0};
      let why: string | undefined;
      for await (const finding of oracle.attempt(at, attempts)) {
        yield finding;
        if (finding.type === 'skip') say(at, `skip: ${finding.reason}`);
        if (finding.type !== 'attempt') continue;
        const judged = judgeSeen(finding.seen, bisection.hunted);
        said[judged.says]++;
        why ??= judged.why;
      }
      const mute = said.mute === 0 ? '' : `, ${said.mute} ${said.mute === 1 ? 'says' : 'say'} neither (${why})`;
      const runs = said.bad + said.good;
      if (runs + said.mute > 0) say(at, `fails in ${said.bad} of ${runs} attempts${mute}; ${stateOf(bisection)}`);
    },
  };
}

function stateOf<Members>({search}: Bisection<Members>): string {
  let [commits, weight] = [0, 0];
  for (const one of search.suspects()) {
    if (weight >= MOST_OF_IT) break;
    const wanted = Math.ceil((MOST_OF_IT - weight) / Math.max(one.density.each, Number.MIN_VALUE));
    commits += Math.min(one.size, wanted);
    weight += one.weight;
  }
  const [first] = search.suspects();
  const best = first === undefined ? 0 : first.density.each;
  return `${commits} ${commits === 1 ? 'commit' : 'commits'} left with ${Math.round(MOST_OF_IT * 100)} %, the likeliest has ${best.toFixed(4)}`;
}
