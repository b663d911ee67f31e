// SPDX-License-Identifier: MIT
/** Words that must not be in any file, page, message or log: passwords in addresses, and values of secret variables. */

/** The user part of an address: `https://USER:PASSWORD@host/…`. None of these characters ends a JSON or XML string. */
const USER_INFO = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/?#@:"'<>\\`]*)(:[^\s/?#@"'<>\\`]*)?@(?=[^\s"'<>\\`])/gi;
/** Of schemes that send it as a password: a token stands where the user would (`https://ghp_…@github.com`). */
const HTTP = /^(?:https?|ftps?):/i;
/** Names of variables and of make's words whose value is nobody's business. */
const SECRET_NAME =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)(?:$|_)/i;
const SETTING = /(^|[\s"'])([A-Za-z_][A-Za-z0-9_]*)=('[^']*'|[^\s"'\\]+)/g;
const HIDDEN = '***';

/** The same text with `***` for the password of each address, and for a user that may be a token. */
export function redact(text: string): string {
  if (!text.includes('://')) return text;
  return text.replace(USER_INFO, (whole, scheme: string, user: string, password?: string) => {
    if (HTTP.test(scheme)) return `${scheme}${HIDDEN}@`;
    return password === undefined ? whole : `${scheme}${user}:${HIDDEN}@`;
  });
}

/** As `redact`, for a command line: `NAME=value` is hidden as well when the name says that it is a secret. */
export function redactLine(line: string): string {
  return redact(line).replace(SETTING, (whole, before: string, name: string) =>
    SECRET_NAME.test(name) ? `${before}${name}=${HIDDEN}` : whole,
  );
}

/** Does a variable's name say that its value is nobody's business? */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

/** Has an address a password, or a token in the place of its user? */
export function hasSecret(address: string): boolean {
  const [, scheme = '', user = '', password] = new RegExp(USER_INFO, 'i').exec(address) ?? [];
  return password !== undefined || (HTTP.test(scheme) && /^(?:gh[a-z]_|github_pat_|glpat-)|^[^.]{20,}$/.test(user));
}
