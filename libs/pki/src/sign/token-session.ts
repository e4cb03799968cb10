import type { Module, Session, Slot } from 'graphene-pk11';
import { AppError } from '#contracts';

/** Where a token is and what opens it. */
export interface TokenPlace {
  /** Path of the PKCS#11 library of the module's maker. */
  readonly library: string;
  /** The token's label, or the number of its slot, counted from 0 over the slots that hold a token. */
  readonly token: string | number;
  readonly pin: string;
}

/** Which part of the place is at fault, so that a configuration can name its variable. */
export type TokenPart = 'library' | 'token' | 'pin';

/** A token that cannot be opened as it is configured. */
export class TokenFault extends AppError {
  constructor(
    readonly part: TokenPart,
    message: string,
    cause?: unknown,
  ) {
    super('unavailable', message, [], cause);
  }
}

export type Pkcs11 = typeof import('graphene-pk11');

/** CKF_OS_LOCKING_OK: sessions sign beside each other on threads; without it SoftHSM2 takes the process down. */
const osLocking = 2;
/** CKF_SERIAL_SESSION and CKF_RW_SESSION. */
const sessionFlags = 4 | 2;

/**
 * Loads the binding.
 * @throws {TokenFault} `library` where it was never built
 */
export async function loadPkcs11(): Promise<Pkcs11> {
  try {
    return (await import('graphene-pk11')).default;
  } catch (error) {
    const message =
      'the PKCS#11 binding is not built on this machine; it needs a C++ compiler, make and Python: then `npm run build`';
    throw new TokenFault('library', message, error);
  }
}

/** A token with its sessions open and its user logged in. A session does one operation at a time. */
export interface OpenToken {
  readonly module: Module;
  readonly slot: Slot;
  /** For looking keys up. */
  readonly main: Session;
  /** For what takes time: signing and making keys. */
  readonly lanes: Session[];
}

/**
 * Opens a token: everything, or nothing stays open.
 * @throws {TokenFault} saying which part of the place is wrong
 */
export function openToken(pkcs11: Pkcs11, place: TokenPlace, lanes: number): OpenToken {
  const module = loadLibrary(pkcs11, place.library);
  try {
    module.initialize({ flags: osLocking });
    const slot = findSlot(module, place.token);
    const main = slot.open(sessionFlags);
    logIn(main, place.pin);
    return { module, slot, main, lanes: Array.from({ length: lanes }, () => slot.open(sessionFlags)) };
  } catch (error) {
    closeModule(module);
    if (error instanceof TokenFault) throw error;
    throw new TokenFault('token', `the PKCS#11 token cannot be opened (${reasonOf(error)})`, error);
  }
}

/** Ends all sessions and unloads the library; what a broken token answers to that no longer matters. */
export function closeModule(module: Module): void {
  for (const end of [() => module.finalize(), () => module.close()]) {
    try {
      end();
    } catch (error) {
      if (!isPkcs11Error(error)) throw error;
    }
  }
}

/** CKR_… of an error of the module. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isPkcs11Error = (error: unknown): boolean => error instanceof Error && error.message.startsWith('CKR_');

function loadLibrary(pkcs11: Pkcs11, path: string): Module {
  try {
    return pkcs11.Module.load(path, path);
  } catch (error) {
    throw new TokenFault('library', 'is not a PKCS#11 library that can be loaded', error);
  }
}

function findSlot(module: Module, token: string | number): Slot {
  const slots = module.getSlots(true);
  for (let index = 0; index < slots.length; index++) {
    const slot = slots.items(index);
    if (token === index || (typeof token === 'string' && slot.getToken().label.trimEnd() === token)) return slot;
  }
  throw new TokenFault('token', 'there is no such token in the module');
}

function logIn(session: Session, pin: string): void {
  try {
    session.login(pin);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === 'CKR_PIN_LOCKED')
      throw new TokenFault('pin', 'the token is locked after too many wrong PINs', error);
    if (reason.startsWith('CKR_PIN_')) throw new TokenFault('pin', 'the token refuses this PIN', error);
    throw error;
  }
}
