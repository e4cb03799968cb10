import type { Dice } from './dice.js';

type Damage = (uri: string, dice: Dice) => string;

const PRINTABLE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join('');
const LIKELY = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_/?&=:.@#%;+~';
/** Looks like an ASCII letter or digit, or is nothing to look at. */
const ALIKE = [
  'а',
  'е',
  'о',
  'р',
  'қ',
  '０',
  '１',
  'Ａ',
  'ｓ',
  '‐',
  '／',
  '？',
  '\u00ad',
  '\u200b',
  '\u0000',
  ' ',
  '\t',
  '\n',
  '\r',
  '\u007f',
  'é',
  '٤',
  '😀',
  '\ud800',
  'ı',
  'ſ',
];

const splice = (text: string, start: number, cut: number, put = ''): string =>
  text.slice(0, start) + put + text.slice(start + cut);
const anywhere = (uri: string, dice: Dice): number => dice.below(uri.length + 1);

/** Cuts a URI into its parts with their separators, so that joined they are the URI again. */
const parts = (uri: string): string[] => uri.split(/(?=[/?&])/);

function onParts(change: (pieces: string[], dice: Dice) => unknown): Damage {
  return (uri, dice) => {
    const pieces = parts(uri);
    change(pieces, dice);
    return pieces.join('');
  };
}

function inSeal(change: (seal: string, dice: Dice) => string): Damage {
  return (uri, dice) => uri.replace(/([?&]s=)([^&]*)/, (_, key: string, seal: string) => key + change(seal, dice));
}

export const damages: Readonly<Record<string, Damage>> = {
  'a character changed': (uri, dice) => splice(uri, dice.below(uri.length), 1, dice.pick([...LIKELY])),
  'a character made any other': (uri, dice) => splice(uri, dice.below(uri.length), 1, dice.pick([...PRINTABLE])),
  'a character put in': (uri, dice) => splice(uri, anywhere(uri, dice), 0, dice.pick([...PRINTABLE])),
  'a character left out': (uri, dice) => splice(uri, dice.below(uri.length), 1),
  'a character doubled': (uri, dice) => {
    const place = dice.below(uri.length);
    return splice(uri, place, 0, uri.charAt(place));
  },
  'neighbours swapped': (uri, dice) => {
    const place = dice.below(uri.length - 1);
    return splice(uri, place, 2, uri.charAt(place + 1) + uri.charAt(place));
  },
  'a look-alike': (uri, dice) => splice(uri, anywhere(uri, dice), dice.below(2), dice.pick(ALIKE)),
  'one character percent-encoded': (uri, dice) => {
    const place = dice.below(uri.length);
    return splice(uri, place, 1, `%${uri.charCodeAt(place).toString(16).toUpperCase()}`);
  },
  'a letter in the other case': (uri, dice) => {
    const place = dice.below(uri.length);
    const letter = uri.charAt(place);
    return splice(uri, place, 1, letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase());
  },
  'cut short': (uri, dice) => uri.slice(0, dice.below(uri.length)),
  'a part left out': onParts((pieces, dice) => pieces.splice(dice.below(pieces.length), 1)),
  'a part doubled': onParts((pieces, dice) => {
    const place = dice.below(pieces.length);
    pieces.splice(place, 0, pieces[place] ?? '');
  }),
  'parts swapped': onParts((pieces, dice) => {
    const [one, other] = [dice.below(pieces.length), dice.below(pieces.length)];
    [pieces[one], pieces[other]] = [pieces[other] ?? '', pieces[one] ?? ''];
  }),
  'a part made empty': onParts((pieces, dice) => {
    const place = dice.below(pieces.length);
    pieces[place] = (pieces[place] ?? '').replace(/(?<=[/=]).*$/, '');
  }),
  'an empty part': (uri, dice) =>
    uri + dice.pick(['&', '&&', '?', '/', '=', '&=', '&=x', '&s', '&s=', '#', '#x', '&15', '&x']),
  'a parameter of others': (uri, dice) =>
    uri +
    (uri.includes('?') ? '&' : '?') +
    dice.pick([
      'utm=x',
      'linkType=all',
      'a"b=1',
      'a=<b>',
      'a=[1]',
      'a={1}',
      'a=^',
      'a=|',
      'a=`',
      'a=;13=1',
      'a=\\',
      "a='",
      'a=~',
      'a=b=c',
      'a=?',
      'a=/',
    ]),
  'a semicolon between': (uri) => uri.replace(/&/, ';'),
  'another scheme': (uri, dice) =>
    uri.replace(/^[^:]*/, dice.pick(['http', 'HTTPS', 'Https', 'ftp', '', 'javascript', ' https'])),
  'a port': (uri, dice) =>
    uri.replace(/^(https?:\/\/[^/:]*)(:\d*)?/, `$1:${dice.pick(['443', '', '0', '80a', '65536', '08', '+1', '3000'])}`),
  'user info': (uri, dice) => uri.replace('://', `://${dice.pick(['a@', 'a:b@', '@', 'q.example.org@'])}`),
  'another host': (uri, dice) =>
    uri.replace(
      /(:\/\/)[^/]*/,
      `$1${dice.pick(['q.example.net', 'Q.example.org', 'q.example.org.', '.q.example.org', 'q..example.org', '[::1]', '127.0.0.1', 'localhost', 'k.example.org', 'xn--q-example.org', 'x'.repeat(63), `${'x'.repeat(63)}.`.repeat(3) + 'y'.repeat(61), `${'x'.repeat(63)}.`.repeat(3) + 'y'.repeat(62)])}`,
    ),
  'a stem before the path': (uri, dice) =>
    uri.replace('/01/', dice.pick(['/stem/01/', '//01/', '/gtin/', '/./01/', '/../01/', '/01/01/', '/1/'])),
  'a path that ends in a slash': (uri) => uri.replace(/\?|$/, '/$&'),
  'two seals': (uri) => uri.replace(/[?&](s=[^&]*)/, (all, seal: string) => `${all}&${seal}`),
  'a seal of another length': inSeal((seal, dice) =>
    dice.pick([seal.slice(1), seal.slice(0, -1), `${seal}A`, `${seal}=`, `${seal}==`, `${seal}AAAA`, seal.slice(4)]),
  ),
  'a seal in plain base64': inSeal((seal) => Buffer.from(seal, 'base64url').toString('base64')),
  'a bit of the seal': inSeal((seal, dice) => {
    const bytes = Buffer.from(seal, 'base64url');
    const place = dice.below(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << dice.below(8));
    return bytes.toString('base64url');
  }),
  'a seal of zeros': inSeal((seal) => seal.slice(0, 16) + 'A'.repeat(84)),
  'too long': (uri, dice) =>
    `${uri}${uri.includes('?') ? '&' : '?'}x=${'y'.repeat(dice.pick([1, 100, 150, 512, 600, 2000]))}`,
};
