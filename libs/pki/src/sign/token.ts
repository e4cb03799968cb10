import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { PrivateKey, Session } from 'graphene-pk11';
import { AppError } from '#contracts';
import type { Signer } from './signer.js';
import {
  closeModule,
  loadPkcs11,
  openToken,
  reasonOf,
  TokenFault,
  type OpenToken,
  type Pkcs11,
  type TokenPlace,
} from './token-session.js';

export { TokenFault, type TokenPlace } from './token-session.js';

/** So many signatures at once: more brought nothing with SoftHSM2 on two cores, and modules have few sessions. */
const lanes = 4;

/** A key in the token. */
export interface TokenKey {
  /** CKA_ID. */
  readonly id: Buffer;
  readonly publicKey: KeyObject;
}

/**
 * A PKCS#11 token that holds private keys. Whatever goes wrong with it is `unavailable`; the token is then closed,
 * and opened again by whoever asks next, so that a module that went away is used again as soon as it is back.
 * A PIN that was refused is never tried twice: tokens lock themselves.
 */
export class Token {
  private opened: OpenToken | undefined;
  private broken = false;
  private readonly free: Session[] = [];
  private readonly waiting: ((lane: Session | null) => void)[] = [];
  private readonly keys = new Map<string, PrivateKey>();
  private refused: TokenFault | undefined;

  private constructor(
    private readonly pkcs11: Pkcs11,
    private readonly place: TokenPlace,
  ) {}

  /**
   * Opens a token and logs in.
   * @throws {TokenFault} saying what of the place is wrong
   */
  static async open(place: TokenPlace): Promise<Token> {
    const token = new Token(await loadPkcs11(), place);
    token.open();
    return token;
  }

  /** Makes a P-256 key that cannot leave the token, under a label for people. */
  async generate(label: string): Promise<TokenKey> {
    const { Crypto } = await import('node-webcrypto-p11');
    return this.use(async (session) => {
      const crypto = new Crypto({ session });
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256', token: true, sensitive: true, label };
      const { publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
      const spki = Buffer.from(await crypto.subtle.exportKey('spki', publicKey));
      const { id } = this.find(session, { label });
      return { id, publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
    });
  }

  /** Its own label, by which it is told from other tokens. */
  get label(): string {
    return this.open().slot.getToken().label.trimEnd();
  }

  /**
   * The signer behind a key of the token.
   * @throws {AppError} `unavailable` when the token does not answer or does not have the key
   */
  signer({ id, publicKey }: TokenKey): Signer<Promise<Uint8Array>> {
    this.look(id);
    return { publicKey, sign: (data) => this.use((session) => this.sign(session, id, data)) };
  }

  /** Ends all sessions. Call it when nothing is signing. */
  close(): void {
    if (this.opened !== undefined) closeModule(this.opened.module);
    this.opened = undefined;
    this.keys.clear();
    this.free.length = 0;
    this.broken = false;
  }

  private open(): OpenToken {
    if (this.refused !== undefined) throw this.refused;
    if (this.opened !== undefined && this.broken && this.free.length === lanes) this.close();
    if (this.broken) throw new AppError('unavailable', 'the PKCS#11 token is being closed after a failure');
    if (this.opened !== undefined) return this.opened;
    try {
      this.opened = openToken(this.pkcs11, this.place, lanes);
    } catch (error) {
      if (error instanceof TokenFault && error.part === 'pin') this.refused = error;
      throw error;
    }
    this.free.push(...this.opened.lanes);
    return this.opened;
  }

  /** Looks the key up in the token each time: that it was there once does not say that it can be used now. */
  private look(id: Buffer): void {
    const { main } = this.open();
    try {
      this.keys.set(id.toString('hex'), this.find(main, { id }));
    } catch (error) {
      throw this.lost(error);
    }
  }

  private find(session: Session, by: { id: Buffer } | { label: string }): PrivateKey {
    const found = session.find({ class: this.pkcs11.ObjectClass.PRIVATE_KEY, token: true, ...by });
    if (found.length !== 1) throw new Error('the key is not in it');
    return found.items(0).toType<PrivateKey>();
  }

  private sign(session: Session, id: Buffer, data: Uint8Array): Promise<Uint8Array> {
    const name = id.toString('hex');
    const key = this.keys.get(name) ?? this.find(session, { id });
    this.keys.set(name, key);
    const digest = createHash('sha256').update(data).digest();
    return new Promise((resolve, reject) => {
      session.createSign('ECDSA', key).once(digest, (error, signature) => (error ? reject(error) : resolve(signature)));
    });
  }

  /** Does something with a session of its own. */
  private async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const lane = await this.lane();
    try {
      return await work(lane);
    } catch (error) {
      throw this.lost(error);
    } finally {
      this.give(lane);
    }
  }

  private async lane(): Promise<Session> {
    this.open();
    const lane = this.free.pop() ?? (await new Promise<Session | null>((resolve) => this.waiting.push(resolve)));
    if (lane === null) throw this.lost(new Error('it failed meanwhile'));
    return lane;
  }

  /** Hands the session to whoever waits longest; of a token that failed, nobody gets one. */
  private give(lane: Session): void {
    if (this.broken) for (const resolve of this.waiting.splice(0)) resolve(null);
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(lane);
    else next(lane);
  }

  private lost(error: unknown): AppError {
    this.broken = this.opened !== undefined;
    const message = `the PKCS#11 token that holds the signing keys does not work just now (${reasonOf(error)})`;
    return new AppError('unavailable', message, [], error);
  }
}
