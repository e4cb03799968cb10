import { invalid } from '#contracts';

const email = /^[^\s@,;<>()[\]\\"]{1,64}@(?=.{4,190}$)[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u;
const phone = /^\+[1-9]\d{6,14}$/;

/**
 * A login in the one form that it is kept and looked up in: an e-mail address in lower case, or a phone number
 * in E.164 (`+996555123456`), whatever spaces, hyphens, dots, brackets or leading 00 it was typed with.
 * @throws {AppError} `invalid` naming the field
 */
export function normaliseLogin(text: string): string {
  const login = readLogin(text);
  if (login !== undefined) return login;
  throw invalid('login', 'must be an e-mail address or a phone number with its country code, such as +996 555 123 456');
}

/** Whether {@link normaliseLogin} accepts the text. */
export const isLogin = (text: string): boolean => readLogin(text) !== undefined;

function readLogin(text: string): string | undefined {
  const login = text.normalize('NFKC').trim();
  if (login.includes('@')) {
    const address = login.toLowerCase();
    return email.test(address) ? address : undefined;
  }
  const number = login.replace(/[\s().-]/g, '').replace(/^00/, '+');
  return phone.test(number) ? number : undefined;
}
