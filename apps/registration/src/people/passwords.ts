import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { AppError } from '#contracts';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** More at once would only wait for the few threads that compute; the rest is told to come again. */
const mostAtOnce = 64;

/** Passwords as argon2id in PHC string format. */
@Injectable()
export class Passwords implements OnModuleInit {
  private nobody = '';
  private running = 0;

  async onModuleInit(): Promise<void> {
    this.nobody = await this.hash(randomBytes(32).toString('base64'));
  }

  hash(password: string): Promise<string> {
    return this.bounded(() => hash(password.normalize('NFKC'), cost));
  }

  /** Whether the password is the one of the hash; without a hash it is not, after the same amount of work. */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    const right = await this.bounded(() => verify(stored ?? this.nobody, password.normalize('NFKC')));
    return right && stored !== undefined;
  }

  private async bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= mostAtOnce)
      throw new AppError('unavailable', 'too many sign-ins at once; try again in a moment');
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
    }
  }
}
