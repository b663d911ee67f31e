// SPDX-License-Identifier: MIT
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';
import {loadProfiles} from '../../machine/load-profiles.js';
import {type MachineSpec, qemuArgs} from '../../machine/qemu-args.js';

const profiles = loadProfiles({paths: resolvePaths()});

function spec(profile: string, changes: Partial<MachineSpec> = {}): MachineSpec {
  const found = profiles.get(profile);
  if (found === undefined) throw new Error(`no profile ${profile}`);
  return {
    profile: found,
    accelerator: 'tcg',
    kernel: '/k/vmlinux',
    initrd: '/k/initrd',
    consoleFile: '/out/console.log',
    consoleSocket: '/run/tty',
    qmpSocket: '/run/qmp',
    sshSocket: '/run/ssh',
    vcpus: 4,
    memory: 1024,
    cmdline: 'transparent_hugepage=never',
    ...changes,
  };
}

const COMMON =
  '-nodefaults -no-user-config -display none -no-reboot -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';
const KERNEL = '-kernel /k/vmlinux -initrd /k/initrd -append';
const PORTS =
  '-chardev socket,id=console,path=/run/tty,server=on,wait=off,logfile=/out/console.log,logappend=off -serial chardev:console ' +
  '-chardev socket,id=qmp,path=/run/qmp,server=on,wait=off -mon chardev=qmp,mode=control ' +
  '-device virtio-serial-device -chardev socket,id=ssh,path=/run/ssh,server=on,wait=off ' +
  '-device virtserialport,chardev=ssh,name=org.kverdict.ssh';
const CMDLINE = 'panic=-1 oops=panic loglevel=7';
const SUITE = 'transparent_hugepage=never';

t.test('the whole command line of x86_64', async (t) => {
  t.equal(
    qemuArgs(spec('x86_64')).join(' '),
    `${COMMON} -M microvm,acpi=off -accel tcg,thread=multi -cpu max -smp 4 -m 1024 ${KERNEL} console=ttyS0 reboot=t tsc=reliable ${CMDLINE} no_timer_check unknown_nmi_panic sysctl.kernel.panic_on_unrecovered_nmi=1 ${SUITE} ${PORTS}`,
  );
});

t.test('the whole command line of arm64', async (t) => {
  t.equal(
    qemuArgs(spec('arm64')).join(' '),
    `${COMMON} -M virt,gic-version=3 -accel tcg,thread=multi -cpu max,pauth-impdef=on -smp 4 -m 1024 ${KERNEL} console=ttyAMA0 ${CMDLINE} ${SUITE} ${PORTS}`,
  );
});

t.test('KVM takes the CPU of the host', async (t) => {
  const args = qemuArgs(spec('x86_64', {accelerator: 'kvm'}));
  t.match(args.join(' '), /-accel kvm -cpu host /);
});

t.test('a comma in a path does not start a new option', async (t) => {
  const args = qemuArgs(spec('x86_64', {consoleFile: '/out/a,b/console.log'}));
  t.ok(args.some((arg) => arg.endsWith(',logfile=/out/a,,b/console.log,logappend=off')));
});

t.test('no guest has a network card', async (t) => {
  for (const name of profiles.keys()) t.notMatch(qemuArgs(spec(name)).join(' '), /-netdev|-nic|virtio-net/, name);
});
