import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseLanguage } from '../i18n/negotiation.rules.js';
import type { Page } from '../pages/layout.js';
import { contentSecurityPolicy } from '../pages/style.js';
import type { Language } from '#label';

/** The request target exactly as it came: what was scanned. */
export const targetOf = (request: FastifyRequest): string => request.raw.url ?? '/';

/** The value of a parameter in a raw target; never throws on damage. */
export function parameterOf(target: string, name: string): string | null {
  const mark = target.indexOf('?');
  // Most addresses have no such parameter, and looking is much cheaper than parsing.
  if (mark < 0 || !target.includes(name, mark)) return null;
  return new URLSearchParams(target.slice(mark + 1)).get(name);
}

export function languageOf(request: FastifyRequest): Language {
  return chooseLanguage(parameterOf(targetOf(request), 'lang'), request.headers['accept-language']);
}

/**
 * Sends a page with the headers that every page has. `cacheControl` is for this reader alone unless it says otherwise.
 * The pieces of a page go to the socket as they are: to join them would be to copy what is the same for every scan.
 */
export function sendPage(reply: FastifyReply, page: Page, status = 200, cacheControl = 'no-store'): FastifyReply {
  const { raw } = reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': page.reduce((length, piece) => length + piece.length, 0),
    'content-security-policy': contentSecurityPolicy,
    'cache-control': cacheControl,
    vary: 'accept, accept-language',
  });
  for (const piece of page) raw.write(piece);
  raw.end();
  return reply;
}
