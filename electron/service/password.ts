import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 64 MB and about a tenth of a second for each guess. */
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const KEY_BYTES = 32;
export const MIN_PASSWORD_LENGTH = 12;

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, COST, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );

/** The one user who may sign in by password. The password itself is not kept. */
export class PasswordUser {
  private constructor(
    readonly name: string,
    private readonly salt: Buffer,
    private readonly key: Buffer,
  ) {}

  static async create(name: string, password: string): Promise<PasswordUser> {
    const salt = randomBytes(16);
    return new PasswordUser(name, salt, await derive(password, salt));
  }

  /** Takes as long for a wrong name as for a wrong password. */
  async accepts(name: string, password: string): Promise<boolean> {
    const right = timingSafeEqual(await derive(password, this.salt), this.key);
    return right && name === this.name;
  }
}
