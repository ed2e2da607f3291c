import { base64url } from '/crypto/bytes.js';
import { FrameError } from '/protocol/fields.js';
import { buildPlaintext, parseOwnPlaintext, parsePlaintext } from '/client/plaintext.js';
import { assertEquals, assertThrows, test } from '../harness.js';

const ID = base64url(new Uint8Array(16).fill(1));
const DEVICE = 'd'.repeat(32);

const OWN = {
  'read': { upTo: ID },
  'own-key': { id: 2, key: base64url(new Uint8Array(32)), listVersion: 3 },
  'history-ask': { have: 0 },
  'history-answer': { device: DEVICE, agreed: true, total: 5 },
  'history': { device: DEVICE, records: [], left: 0 },
};

function built(type, conversation, content) {
  return buildPlaintext({
    type, conversation, senderListVersion: 1, recipientListVersion: 1, sentAt: 5, content,
  });
}

test('whatOwnDevicesSayIsTakenFromNobodyElse', async () => {
  for (const [type, content] of Object.entries(OWN)) {
    const place = type === 'read' ? 'alice+bob' : 'alice+alice';
    assertEquals(type, parseOwnPlaintext(built(type, place, content), 'alice').type);
    await assertThrows(() => parsePlaintext(built(type, 'alice+bob', content), 'alice+bob'),
      FrameError);
  }
});

test('ownCopyIsOfAConversationOfTheUser', async () => {
  const text = conversation => built('text', conversation, { text: 'x' });
  for (const fits of ['alice+bob', 'aa+alice']) {
    assertEquals(fits, parseOwnPlaintext(text(fits), 'alice').conversation);
  }
  const others = ['bob+carol', 'bob+alice', 'alice+alice', 'alice', 'alice+', 'alice+bob+carol',
    'alice+B', DEVICE];
  for (const other of others) {
    await assertThrows(() => parseOwnPlaintext(text(other), 'alice'), FrameError);
  }
  await assertThrows(() => parsePlaintext(text('alice+carol'), 'alice+bob'), FrameError);
});

test('whatWasReadMayBeInAGroupAndTheRestIsAboutNoConversation', async () => {
  assertEquals(DEVICE, parseOwnPlaintext(built('read', DEVICE, OWN.read), 'alice').conversation);
  await assertThrows(() => parseOwnPlaintext(built('read', 'alice+alice', OWN.read), 'alice'),
    FrameError);
  for (const [type, content] of Object.entries({ ...OWN, none: {}, repair: { lost: [] } })) {
    if (type === 'read') continue;
    await assertThrows(() => parseOwnPlaintext(built(type, 'alice+bob', content), 'alice'),
      FrameError);
  }
});

test('whatAPersonHasReadIsSaidToTheOtherAndToNoOwnDevice', async () => {
  assertEquals('seen', parsePlaintext(built('seen', 'alice+bob', { upTo: ID }), 'alice+bob').type);
  await assertThrows(() =>
    parseOwnPlaintext(built('seen', 'alice+bob', { upTo: ID }), 'alice'), FrameError);
  for (const content of [{}, { upTo: ID.slice(2) }, { upTo: ID, more: 1 }]) {
    await assertThrows(() =>
      parsePlaintext(built('seen', 'alice+bob', content), 'alice+bob'), FrameError);
  }
});

test('ownDevicesSendNoReceiptsAndNoneSaysNothing', async () => {
  await assertThrows(() =>
    parseOwnPlaintext(built('receipt', 'alice+alice', { delivered: [ID] }), 'alice'), FrameError);
  assertEquals('none', parsePlaintext(built('none', 'alice+bob', {}), 'alice+bob').type);
  await assertThrows(() => parsePlaintext(built('none', 'alice+bob', { x: 1 }), 'alice+bob'),
    FrameError);
});

test('typesOfANewerVersionAreToldApartFromThoseInTheWrongPlace', () => {
  assertEquals({ type: 'unsupported' },
    parsePlaintext(built('poll', 'alice+bob', {}), 'alice+bob'));
  assertEquals({ type: 'unsupported' },
    parseOwnPlaintext(built('poll', 'alice+bob', {}), 'alice'));
});
