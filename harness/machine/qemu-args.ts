// SPDX-License-Identifier: MIT
/** QEMU's command line: pure, one function a concern, a flag and its value on one line. */
import type {Accelerator, Profile} from './profile.js';

export interface MachineSpec {
  profile: Profile;
  accelerator: Accelerator['kind'];
  kernel: string;
  initrd: string;
  /** Files and sockets; the sockets' paths must stay under 108 bytes. */
  consoleFile: string;
  /** Takes keys for the serial console. */
  consoleSocket: string;
  qmpSocket: string;
  sshSocket: string;
  vcpus: number;
  /** MiB */
  memory: number;
  /** Appended to the profile's. */
  cmdline: string;
}

/** What QMP calls the serial console. */
export const CONSOLE_ID = 'console';

/** The name by which the guest's init finds the port. */
export const SSH_PORT_NAME = 'org.kverdict.ssh';

/**
 * `panic=-1` ends the machine (with -no-reboot) at a panic, at once; `oops=panic` makes an Oops one: a kernel that
 * goes on after it would be tested in a state nobody knows. At loglevel 7 WARNs are on the console.
 */
const CMDLINE = 'panic=-1 oops=panic loglevel=7';
/**
 * An NMI that QEMU was asked to inject into a guest that hangs makes it panic and say where; nothing else sends one
 * there. The second word is for a machine without port 0x61, as microvm: what is read from there looks like a bus error.
 * `no_timer_check` is what the kernel sets by itself where it finds KVM: ten ticks must come in time else, and on a host
 * that is short of CPU an emulated guest panics (`IO-APIC + timer doesn't work!`).
 */
const ARCH_CMDLINE: Readonly<Record<Profile['arch'], string>> = {
  x86_64: 'no_timer_check unknown_nmi_panic sysctl.kernel.panic_on_unrecovered_nmi=1',
  arm64: '',
};

export function qemuArgs(spec: MachineSpec): string[] {
  return [
    ...machine(spec),
    ...kernel(spec),
    ...console_(spec),
    ...control(spec.qmpSocket),
    ...spec.profile.devices.flatMap((device) => ['-device', device]),
    ...sshPort(spec.sshSocket),
  ];
}

function machine(spec: MachineSpec): string[] {
  const {profile, accelerator} = spec;
  return [
    // Nothing but what is asked for: no network card, no screen, no configuration of the host's.
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...['-M', profile.machine],
    // One thread a vCPU, each with a TLB of its own: races over stale entries show.
    ...['-accel', accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi'],
    ...['-cpu', accelerator === 'kvm' ? 'host' : profile.cpu],
    ...['-smp', String(spec.vcpus)],
    ...['-m', String(spec.memory)],
  ];
}

function kernel(spec: MachineSpec): string[] {
  const cmdline = [spec.profile.cmdline, CMDLINE, ARCH_CMDLINE[spec.profile.arch], spec.cmdline]
    .filter((part) => part.trim() !== '')
    .join(' ');
  return ['-kernel', spec.kernel, '-initrd', spec.initrd, '-append', cmdline];
}

/** What the guest prints goes to the file whether or not somebody is at the socket, which is there for sysrq. */
function console_({consoleFile, consoleSocket}: MachineSpec): string[] {
  return [
    '-chardev',
    `socket,id=${CONSOLE_ID},path=${doubleCommas(consoleSocket)},server=on,wait=off,logfile=${doubleCommas(consoleFile)},logappend=off`,
    ...['-serial', `chardev:${CONSOLE_ID}`],
  ];
}

function control(socket: string): string[] {
  return [
    '-chardev',
    `socket,id=qmp,path=${doubleCommas(socket)},server=on,wait=off`,
    '-mon',
    'chardev=qmp,mode=control',
  ];
}

function sshPort(socket: string): string[] {
  return [
    ...['-chardev', `socket,id=ssh,path=${doubleCommas(socket)},server=on,wait=off`],
    ...['-device', `virtserialport,chardev=ssh,name=${SSH_PORT_NAME}`],
  ];
}

/** In QEMU's option lists a comma ends a value; doubled, it is one. */
function doubleCommas(value: string): string {
  return value.replaceAll(',', ',,');
}
