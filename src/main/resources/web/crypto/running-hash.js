/**
 * SHA-256 (FIPS 180-4) of what comes piece by piece: WebCrypto only hashes what is in memory whole.
 * Nothing secret goes in here but ciphertext, so its timing says nothing.
 */

const BLOCK_BYTES = 64;
const LENGTH_AT = BLOCK_BYTES - 8;

const ROUNDS = 64;
const primes = firstPrimes(ROUNDS);
/** The first 32 bits of what follows the point of the cube roots of the first 64 primes. */
const CONSTANTS = Int32Array.from(primes, prime => fractionOf(Math.cbrt(prime)));
/** As above, of the square roots of the first 8. */
const BEGINNING = Int32Array.from(primes.slice(0, 8), prime => fractionOf(Math.sqrt(prime)));

export class RunningHash {
  #state = BEGINNING.slice();
  #words = new Int32Array(ROUNDS);
  #rest = new Uint8Array(BLOCK_BYTES);
  #restLength = 0;
  #length = 0;

  /** @param {Uint8Array} bytes that come next */
  update(bytes) {
    this.#length += bytes.length;
    let at = 0;
    if (this.#restLength > 0) {
      at = Math.min(BLOCK_BYTES - this.#restLength, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#restLength);
      this.#restLength += at;
      if (this.#restLength < BLOCK_BYTES) return;
      this.#block(this.#rest, 0);
    }
    for (; at + BLOCK_BYTES <= bytes.length; at += BLOCK_BYTES) this.#block(bytes, at);
    this.#rest.set(bytes.subarray(at));
    this.#restLength = bytes.length - at;
  }

  /** @returns {Uint8Array} 32 bytes; nothing may come after */
  digest() {
    const bits = this.#length * 8;
    const ending = this.#restLength < LENGTH_AT ? BLOCK_BYTES : 2 * BLOCK_BYTES;
    const tail = new Uint8Array(ending - this.#restLength);
    tail[0] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(tail.length - 4, bits % 2 ** 32);
    this.update(tail);
    const digest = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, i) => digest.setInt32(4 * i, word));
    return new Uint8Array(digest.buffer);
  }

  #block(bytes, at) {
    const w = this.#words;
    for (let i = 0; i < 16; i++) {
      const j = at + 4 * i;
      w[i] = bytes[j] << 24 | bytes[j + 1] << 16 | bytes[j + 2] << 8 | bytes[j + 3];
    }
    for (let i = 16; i < ROUNDS; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
      const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
      w[i] = w[i - 16] + s0 + w[i - 7] + s1 | 0;
    }
    const state = this.#state;
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < ROUNDS; i++) {
      const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      const t1 = h + s1 + (e & f ^ ~e & g) + CONSTANTS[i] + w[i] | 0;
      const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      const t2 = s0 + (a & b ^ a & c ^ b & c) | 0;
      h = g;
      g = f;
      f = e;
      e = d + t1 | 0;
      d = c;
      c = b;
      b = a;
      a = t1 + t2 | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

/** The cube roots are below 7, so that a double holds more than the 32 bits that are wanted. */
function fractionOf(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

function firstPrimes(count) {
  const found = [];
  for (let n = 2; found.length < count; n++) {
    if (found.every(prime => n % prime !== 0)) found.push(n);
  }
  return found;
}
