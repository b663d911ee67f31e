// SPDX-License-Identifier: MIT
/** A host on which KVM works, and takes its time: through the whole program, on fake machines. */
import {accessSync, constants} from 'node:fs';
import t from 'tap';
import {Stage} from './support.js';

t.setTimeout(300_000);
const stage = await new Stage().seed();
t.teardown(() => stage.remove());

function whyNot(): string | false {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return process.arch === 'x64' ? false : 'not an x86_64 host';
  } catch {
    return 'no /dev/kvm here';
  }
}

t.test(
  'a guest that takes longer than usual boots, and its limits say what they come from',
  {skip: whyNot()},
  async (t) => {
    // 7 s, where a guest with KVM had 5.
    stage.scenario('kvm crawl 14 500');
    stage.commit('a slow host');
    const {code, stdout} = await stage.run(['run', ...stage.places(), '-t', 'toy:steady', '--profiles', 'x86_64']);
    t.equal(code, 0, stdout);
    const {guests, attempts = [], findings, profiles} = stage.results();
    t.same(
      findings.filter(({kind}) => kind === 'boot-failed' || kind === 'infra'),
      [],
    );
    t.equal(profiles[0]?.accelerator?.kind, 'kvm');
    t.equal(profiles[0]?.accelerator?.reason, 'KVM: a guest booted with it');
    t.ok(guests.length > 0);
    for (const {ended, bootSeconds, bootLimit, bootGiven} of guests) {
      t.equal(ended, 'ok');
      t.ok((bootSeconds ?? 0) > 6.5 && (bootGiven ?? 0) <= (bootSeconds ?? 0), `${bootGiven} of ${bootSeconds} s`);
      t.match(bootLimit?.because, /^5 s x \d\d\.\d: a guest boots in \d+\.\d s here, where 0\.[35] s is usual$/);
      t.ok((bootLimit?.seconds ?? 0) > 50, `${bootLimit?.seconds} s`);
    }
    t.ok(attempts.some(({limit}) => limit !== undefined && / s x \d\d\.\d: a guest boots in /.test(limit.because)));
    const doctor = await stage.run(['doctor', '--qemu', stage.qemu]);
    t.match(doctor.stdout, /ok {6}KVM: KVM: a guest booted with it, in \d\.\d s \(using kvm\)/);
  },
);
