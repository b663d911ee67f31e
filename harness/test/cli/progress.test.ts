// SPDX-License-Identifier: MIT
import {PassThrough} from 'node:stream';
import t from 'tap';
import {createProgress} from '../../cli/progress.js';

/** A stream as stderr is in a pipe, or (with `isTTY`) on a terminal. */
function fakeStream(isTTY: boolean, columns = 100): {stream: NodeJS.WriteStream; text: () => string} {
  const through = new PassThrough();
  let text = '';
  through.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const stream = Object.assign(through, {isTTY, columns, rows: 40}) as unknown as NodeJS.WriteStream;
  return {stream, text: () => text};
}

t.test('in a pipe: one line for each finished step, no control bytes', (t) => {
  const {stream, text} = fakeStream(false);
  const progress = createProgress(stream, false);
  progress.show({type: 'step-start', id: 'b', kind: 'build', label: 'build x86_64 base'});
  progress.show({type: 'step-progress', id: 'b', done: 400, total: 950});
  progress.show({type: 'step-end', id: 'b', status: 'ok', seconds: 163.44});
  progress.show({type: 'note', message: 'falling back to TCG'});
  progress.show({type: 'command', line: 'make'});
  progress.stop();
  t.equal(text(), 'ok      build x86_64 base (163.4 s)\n        falling back to TCG\n');
  t.end();
});

t.test('a failed step says why', (t) => {
  const {stream, text} = fakeStream(false);
  const progress = createProgress(stream, false);
  progress.show({type: 'step-start', id: 'b', kind: 'build', label: 'build arm64 patched'});
  progress.show({type: 'step-end', id: 'b', status: 'failed', seconds: 2, detail: 'mm/memory.c:12: error'});
  progress.stop();
  t.equal(text(), 'FAIL    build arm64 patched: mm/memory.c:12: error (2.0 s)\n');
  t.end();
});

t.test('a terminal that does not know its width (a serial line) is written to as a pipe is', (t) => {
  const {stream, text} = fakeStream(true, 0);
  const progress = createProgress(stream, false);
  progress.show({type: 'step-start', id: 'b', kind: 'build', label: 'build x86_64 base'});
  progress.show({type: 'step-end', id: 'b', status: 'ok', seconds: 3});
  progress.stop();
  t.equal(text(), 'ok      build x86_64 base (3.0 s)\n');
  t.end();
});

t.test('on a terminal: a table of what is under way, with object counts, that leaves nothing behind', async (t) => {
  const {stream, text} = fakeStream(true);
  const progress = createProgress(stream, false);
  progress.show({type: 'step-start', id: 'b', kind: 'build', label: 'build x86_64 base'});
  progress.show({type: 'step-progress', id: 'b', done: 400, total: 950});
  await new Promise((resolve) => setTimeout(resolve, 250));
  t.match(text(), /build x86_64 base 400\/950/);
  progress.show({type: 'step-end', id: 'b', status: 'ok', seconds: 3});
  progress.stop();
  t.match(text(), /ok {6}build x86_64 base \(3\.0 s\)\n/);
  t.end();
});
