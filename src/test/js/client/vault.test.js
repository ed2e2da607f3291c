import { assertEquals, assertThrows, test, vectors } from '../harness.js';
import { fromUtf8, utf8 } from '/crypto/bytes.js';
import { encodeSync, encodeVault, parseSync, parseVault } from '/client/vault.js';
import { FrameError } from '/protocol/fields.js';

const FORMS = {
  vault: content => encodeVault(parseVault(content)),
  sync: content => encodeSync(parseSync(content)),
};

const readAndWritten = ({ kind, content }) => FORMS[kind](utf8(JSON.stringify(content)));

test('validContentIsReadAndWritten', async () => {
  const { valid } = await vectors('own-content.json');
  for (const vector of valid) {
    assertEquals(JSON.stringify(vector.becomes), fromUtf8(readAndWritten(vector)));
  }
});

test('otherContentIsRefused', async () => {
  const { refused } = await vectors('own-content.json');
  for (const wrong of refused) {
    await assertThrows(async () => readAndWritten(wrong), FrameError)
      .catch(error => { throw new Error(`${wrong.why}: ${error.message}`); });
  }
});
