import { base64url, fromHex, utf8 } from '/crypto/bytes.js';
import { FrameError } from '/protocol/fields.js';
import { buildFrame, parseHello, parseServerFrame } from '/protocol/frames.js';
import { JsonError, parseStrict } from '/protocol/strict-json.js';
import { assert, assertEquals, assertThrows, test, vectors } from '../harness.js';

const VECTORS = await vectors('frames.json');
const MORE_VECTORS = [await vectors('file-frames.json'), await vectors('typing-frames.json')];

const all = (whose, kind) => [VECTORS, ...MORE_VECTORS].flatMap(file => file[whose][kind]);

function assertRefused(parse, { name, text, hex, why }) {
  try {
    parse(text === undefined ? fromHex(hex) : utf8(text));
  } catch (error) {
    assert(error instanceof FrameError || error instanceof JsonError, `${name}: ${error.stack}`);
    return;
  }
  throw new Error(`${name}: accepted, though ${why}`);
}

test('parsesEveryServerFrameAndKeepsItsContent', () => {
  for (const { text } of all('server', 'accepted')) {
    const again = new TextDecoder().decode(encode(parseServerFrame(utf8(text))));
    assertEquals(JSON.parse(text), JSON.parse(again));
  }
});

test('refusesEveryServerFrameThatBreaksARule', () => {
  for (const vector of all('server', 'refused')) assertRefused(parseServerFrame, vector);
});

test('parsesHelloAndRefusesEveryOneThatBreaksARule', () => {
  for (const { text } of VECTORS.hello.accepted) {
    assertEquals(JSON.parse(text).bundle, parseHello(utf8(text)).bundle);
  }
  for (const vector of VECTORS.hello.refused) assertRefused(parseHello, vector);
});

test('buildsEveryClientFrame', () => {
  for (const { text } of all('client', 'accepted')) {
    const { type, nonce, ...fields } = JSON.parse(text);
    assertEquals(JSON.parse(text), parseStrict(buildFrame(type, nonce, fields)));
  }
});

test('buildsNoFrameWithMissingOrForeignFields', async () => {
  await assertThrows(() => buildFrame('devices', 2, { token: 'x' }), TypeError);
  await assertThrows(() => buildFrame('ping', 2, { token: 'x', user: 'bob' }), TypeError);
});

test('changesOfTheAccountCarryOneProofAtMost', async () => {
  const [token, secret] = ['x', 'y'];
  buildFrame('account-change', 2, { token });
  buildFrame('account-change', 2, { token, authSecret: secret });
  buildFrame('vault', 2, { token, recoverySecret: secret });
  const both = { token, authSecret: secret, recoverySecret: secret };
  await assertThrows(() => buildFrame('account-change', 2, both), TypeError);
  await assertThrows(() => buildFrame('vault', 2, { token }), TypeError);
  await assertThrows(() => buildFrame('devices', 2, { token, user: 'bob', authSecret: secret }),
    TypeError);
});

test('batchesOfTheArchiveFall', async () => {
  const page = numbers => utf8(JSON.stringify({
    type: 'archive-batches', nonce: 3, first: 1, last: 3,
    batches: numbers.map(nr => ({ nr, blob: 'AAAA' })),
  }));
  assertEquals([3, 2], parseServerFrame(page([3, 2])).batches.map(({ nr }) => nr));
  for (const numbers of [[2, 3], [3, 3]]) {
    await assertThrows(() => parseServerFrame(page(numbers)), FrameError);
  }
});

test('readsEscapedAndSpacedJsonAsTheSame', () => {
  for (const { text, same } of VECTORS.client.sameAs) {
    assertEquals(JSON.parse(same), parseStrict(utf8(text)));
  }
});

test('refusesJsonThatIsNotStrict', () => {
  const refused = VECTORS.client.refused.filter(({ why }) =>
    /JSON|duplicate|deep|trailing|surrogate|UTF-8|order mark|not an integer/.test(why));
  assert(refused.length > 30, `${refused.length} cases`);
  for (const vector of refused) assertRefused(parseStrict, vector);
});

function encode(frame) {
  const { type, nonce, ...fields } = frame;
  return utf8(JSON.stringify({ type, nonce, ...fields }, (_, item) =>
    item instanceof Uint8Array ? base64url(item) : item));
}
