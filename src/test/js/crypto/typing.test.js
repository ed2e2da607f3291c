/** Who is writing, sealed (docs/protocol.md §7.10). */

import { assert, assertEquals, assertThrows, test, vectors } from '../harness.js';
import { equal, fromHex, fromUtf8, utf8 } from '/crypto/bytes.js';
import { Refused } from '/crypto/refused.js';
import { openTyping, sealTyping } from '/crypto/typing.js';

async function opened({ key, sealed, content, ...place }) {
  return openTyping(fromHex(key), place, fromHex(sealed));
}

test('the vectors that Java reads too hold', async () => {
  const { valid, refused } = await vectors('typing.json');
  for (const vector of valid) assertEquals(vector.content, fromUtf8(await opened(vector)));
  for (const vector of refused) {
    await assertThrows(() => opened(vector), Refused)
      .catch(error => { throw new Error(`${vector.why}: ${error.message}`); });
  }
});

test('whatever is said has the same size', async () => {
  const key = new Uint8Array(32).fill(7);
  const place = { serverHost: 'h', conversation: 'a+b', user: 'a', device: 'd' };
  for (const text of ['', 'x'.repeat(63)]) {
    const sealed = await sealTyping(key, place, utf8(text));
    assertEquals(92, sealed.length);
    assert(equal(utf8(text), await openTyping(key, place, sealed)));
  }
  await assertThrows(() => sealTyping(key, place, new Uint8Array(64)), TypeError);
});
