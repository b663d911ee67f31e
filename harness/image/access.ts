// SPDX-License-Identifier: MIT
/**
 * The keys by which kverdict and its guests know each other: one pair of ed25519 keys for the client, one for the
 * guest's SSH server. Made once per cache. They open nothing but guests without a network; all the same they are
 * readable by their owner only, and never logged.
 */
import {createHash, generateKeyPairSync, type JsonWebKey, randomBytes} from 'node:crypto';
import {mkdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import {acquireLock} from '../lib/lock.js';
import {writeWhole} from '../lib/write-whole.js';

/** What the host needs to get into a guest. */
export interface Access {
  /** Private key, in OpenSSH's own PEM. */
  clientKey: string;
  /** The only host key that is accepted: SSH's public key blob in base64. */
  hostKey: string;
}

/** Both halves: `Access`, and what goes into the guest. */
export interface Keys extends Access {
  /** The one line of `authorized_keys`. */
  clientPublic: string;
  /** The server's private key as dropbear keeps it, in base64. */
  hostPrivate: string;
}

const ALGORITHM = 'ssh-ed25519';

/** The keys of this cache; made when there are none. @throws InfraError when the file cannot be read or made */
export async function ensureKeys(ctx: Context): Promise<Keys> {
  const file = join(ctx.paths.cache, 'access', 'keys.json');
  const existing = readKeys(file);
  if (existing !== undefined) return existing;
  await using _lock = await acquireLock(ctx, file, "the guests' keys");
  const meanwhile = readKeys(file);
  if (meanwhile !== undefined) return meanwhile;
  const keys = makeKeys();
  mkdirSync(dirname(file), {recursive: true, mode: 0o700});
  writeWhole(file, JSON.stringify(keys), {draft: `${file}.${process.pid}`, mode: 0o600});
  return keys;
}

function readKeys(file: string): Keys | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new InfraError(`Cannot read the guests' keys \`${file}\``, {cause: error});
  }
  try {
    const keys = JSON.parse(text) as Keys;
    if (keys.clientKey && keys.clientPublic && keys.hostKey && keys.hostPrivate) return keys;
  } catch {
    // Fall through: torn or edited. Its text is a secret, so the message does not quote it.
  }
  throw new InfraError(`\`${file}\` does not hold the guests' keys`, {hint: `Delete it: new keys are made.`});
}

/** A new set of keys. */
export function makeKeys(): Keys {
  const client = newPair();
  const server = newPair();
  return {
    clientKey: openSshPem(client),
    clientPublic: `${ALGORITHM} ${publicBlob(client).toString('base64')} kverdict`,
    hostKey: publicBlob(server).toString('base64'),
    hostPrivate: dropbearKey(server).toString('base64'),
  };
}

/** `SHA256:…` of a public key blob, as ssh-keygen prints it. */
export function fingerprint(blobBase64: string): string {
  const digest = createHash('sha256').update(Buffer.from(blobBase64, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** An ed25519 key: the secret, and the public point. */
export interface Pair {
  seed: Buffer;
  point: Buffer;
}

function newPair(): Pair {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({format: 'jwk'}) as JsonWebKey;
  return {seed: Buffer.from(jwk.d ?? '', 'base64url'), point: Buffer.from(jwk.x ?? '', 'base64url')};
}

/** SSH's `string`: a 32-bit length, then the bytes (RFC 4251, section 5). */
function sshString(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function publicBlob(pair: Pair): Buffer {
  return Buffer.concat([sshString(ALGORITHM), sshString(pair.point)]);
}

/** dropbear's host key file: the algorithm, then seed and public point as one string. */
function dropbearKey(pair: Pair): Buffer {
  return Buffer.concat([sshString(ALGORITHM), sshString(Buffer.concat([pair.seed, pair.point]))]);
}

/** OpenSSH's PROTOCOL.key, without a passphrase: ssh2 reads ed25519 keys in no other form. */
export function openSshPem(pair: Pair): string {
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    publicBlob(pair),
    sshString(Buffer.concat([pair.seed, pair.point])),
    sshString('kverdict'),
  ]);
  const padding = Buffer.from(Array.from({length: (8 - (secret.length % 8)) % 8}, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    sshString('none'),
    sshString('none'),
    sshString(''),
    one,
    sshString(publicBlob(pair)),
    sshString(Buffer.concat([secret, padding])),
  ]);
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}
