// SPDX-License-Identifier: MIT
import t from 'tap';
import {initrdFor} from '../../run/boot-for-unit.js';

t.test('the tools are booted only by who has them', async (t) => {
  const image = {arch: 'arm64', initrd: '/plain', initrdWithTools: '/tools'} as const;
  t.equal(initrdFor(image, {}), '/plain');
  t.equal(initrdFor(image, {tools: false}), '/plain');
  t.equal(initrdFor(image, {tools: true}), '/tools');
  t.throws(() => initrdFor({arch: 'arm64', initrd: '/plain'}, {tools: true}), {message: /arm64 is without the tools/});
});
