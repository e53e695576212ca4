/** What stands in place of a credential. */
export const hidden = "[secret]";

/** Credentials that show by their form, whatever they are called. */
const secretValue =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bhf_[A-Za-z0-9]{20,}|\bsk-[A-Za-z0-9_-]{16,}|\bxox[abprs]-|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./;
const passwordInAddress = /(:\/\/[^/\s:@]*):[^/\s@]+@/g;
/** Variables of an environment hold anything, so that a suspicion is enough. */
const suspiciousVariable =
  /TOKEN|SECRET|PASS(?:WORD|WD|PHRASE)?(?:_|$)|CREDENTIAL|(?:^|_)(?:API_?)?KEYS?(?:_|$)|PRIVATE|AUTH|COOKIE|SESSION|SIGNATURE/i;
/** Names of settings that hold nothing else. */
const secretSetting =
  /(?:^|[_.-])(?:secrets?|passw(?:or)?d|passwd|passphrase|credentials?|cookie|authorization|(?:api|access|secret|private|auth|account|encryption|signing|ssh)[_-]?keys?|(?:api|access|auth|bearer|refresh|session|secret|id)[_-]?token)$/i;
/** Names that often hold a credential and as often something of the training (`pad_token`, `join_key`). */
const perhapsSecretSetting = /(?:token|key|signature|auth)$/i;
const looksRandom = (value: string): boolean =>
  value.length >= 20 && /^[\w+/=.-]+$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);

/** Whether a variable of the environment looks like something that must not be recorded. */
export function isSecretVariable(name: string, value: string): boolean {
  return suspiciousVariable.test(name) || secretValue.test(value) || value.search(passwordInAddress) >= 0;
}

/**
 * The value of a setting as it may be recorded: `[secret]` for a credential, an address without its password.
 * `tokenizer`, `max_tokens`, `session_length` and `join_key` are settings like others.
 *
 * @example
 * ```ts
 * console.log(redactSetting("api_key", "abc"), redactSetting("pad_token", "<pad>")); // [secret] <pad>
 * console.log(redactSetting("db", "postgres://ada:pw@host/db")); // postgres://ada:[secret]@host/db
 * ```
 */
export function redactSetting(name: string, value: string): string {
  if (value === "") return value;
  const words = name.replace(/([a-z])([A-Z])/g, "$1_$2");
  if (secretSetting.test(words) || secretValue.test(value)) return hidden;
  if (perhapsSecretSetting.test(words) && looksRandom(value)) return hidden;
  return value.replace(passwordInAddress, `$1:${hidden}@`);
}

/** The words of a command as they may be recorded: `--password x`, `--api-key=x`, addresses with a password. */
export function redactCommand(words: readonly string[]): string[] {
  return words.map((word, index) => {
    const pair = /^(-{0,2}[\w.-]+=)(.*)$/s.exec(word);
    if (pair) return `${pair[1]}${redactSetting((pair[1] as string).replace(/^-+|=$/g, ""), pair[2] as string)}`;
    const flag = words[index - 1] ?? "";
    const name = /^--?[A-Za-z][\w.-]*$/.test(flag) && !word.startsWith("-") ? flag.replace(/^-+/, "") : "";
    return redactSetting(name, word);
  });
}
