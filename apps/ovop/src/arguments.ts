import { isHost, isLanguage, languages, type Language } from '#label';
import { readOptions } from './options.js';
import { UsageError } from './usage.js';

/** Where trust comes from. */
export type TrustSource =
  | { readonly kind: 'bundle'; readonly file: string; readonly roots: readonly string[] }
  | {
      readonly kind: 'files';
      readonly roots: readonly string[];
      readonly certificates: readonly string[];
      readonly crls: readonly string[];
      readonly hosts: readonly string[];
    };

export interface VerifyArguments {
  readonly source: TrustSource;
  readonly at?: Date;
  readonly language: Language;
  /** URIs; `-` stands for standard input. */
  readonly uris: readonly string[];
  readonly files: readonly string[];
}

const list = { type: 'string', multiple: true, default: [] as string[] } as const;

/** Reads the arguments of `ovop verify`; throws a UsageError with a sentence for whoever typed them. */
export function readArguments(args: readonly string[]): VerifyArguments | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const language = values.lang ?? 'en';
  if (!isLanguage(language)) {
    throw new UsageError(`--lang ${language}: there are sentences in ${languages.join(', ')} only.`);
  }
  if (positionals.length === 0 && values.file.length === 0) {
    throw new UsageError('No URI to check. Give one or more, or - to read them from standard input.');
  }
  return {
    source: readSource(values),
    ...(values.at === undefined ? {} : { at: readTime(values.at) }),
    language,
    uris: positionals,
    files: values.file,
  };
}

function parse(args: readonly string[]) {
  return readOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      bundle: { type: 'string' },
      roots: list,
      certificates: list,
      crls: list,
      hosts: list,
      at: { type: 'string' },
      lang: { type: 'string' },
      file: list,
      help: { type: 'boolean', short: 'h' },
    },
  });
}

type Lists = Readonly<Record<'roots' | 'certificates' | 'crls' | 'hosts', readonly string[]>>;

function readSource(values: Lists & { readonly bundle?: string | undefined }): TrustSource {
  const split = (items: readonly string[]): string[] => items.flatMap((item) => item.split(',')).filter(Boolean);
  const [roots, certificates] = [split(values.roots), split(values.certificates)];
  const [crls, hosts] = [split(values.crls), split(values.hosts)];
  if (values.bundle !== undefined) {
    if (certificates.length + crls.length + hosts.length > 0) {
      throw new UsageError('--bundle brings its own certificates, CRLs and hosts; only --roots goes with it.');
    }
    return { kind: 'bundle', file: values.bundle, roots };
  }
  const missing = Object.entries({ roots, certificates, crls, hosts }).find(([, items]) => items.length === 0)?.[0];
  if (missing !== undefined) {
    throw new UsageError(`--${missing} is missing. Without --bundle, roots, certificates, CRLs and hosts are needed.`);
  }
  const wrong = hosts.find((host) => !isHost(host));
  if (wrong !== undefined) throw new UsageError(`--hosts ${wrong}: not a lower-case host name.`);
  return { kind: 'files', roots, certificates, crls, hosts };
}

const TIME = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** A day (its first instant, UTC) or an instant with its zone. */
function readTime(text: string): Date {
  const day = TIME.exec(text)?.[1];
  const time = new Date(text);
  const exists = day !== undefined && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day);
  if (exists !== true || Number.isNaN(time.getTime())) {
    throw new UsageError(`--at ${text}: not a time. Write 2026-09-20 or 2026-09-20T12:00:00Z.`);
  }
  return time;
}
