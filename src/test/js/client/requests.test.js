import { Requests } from '/client/requests.js';
import { AWAITS_ACCEPTANCE } from '/store/database.js';
import { assert, assertEquals, test } from '../harness.js';
import { withStore } from '../store/with-store.js';
import { dumpOf } from './browsers.js';
import { codeOf, signInElsewhere, synced, within } from './own-devices.js';
import { PASSWORD, Person, dump, pair, scenario, until } from './people.js';

const standing = (person, id) => person.conversations.get(id)?.standing;

/** Bob asks to be accepted by whoever writes to him. */
async function asking() {
  const all = await pair();
  await all.bob.engine.setOpenToAll(false);
  return all;
}

/** The last told list of the conversations does not have it. */
const isGone = ({ events }, id) => {
  const { list } = events.findLast(({ type }) => type === 'conversations') ?? {};
  return list?.every(one => one.id !== id);
};

/** How many entries a person's first device has acknowledged. */
const acknowledged = (server, { user }) => server.users.get(user).cursor;

const sentBy = (server, { user }) => server.frames('send', user).length;

scenario('strangerIsKeptApartAndHearsNothingUntilAccepted', async () => {
  const { server, alice, bob, id } = await asking();
  await alice.engine.sendText(id, 'hello');
  await bob.until(() => bob.texts.includes('hello') && standing(bob, id) === 'asked');
  assertEquals(0, bob.conversations.get(id).unread);
  await bob.engine.markRead(id, bob.timeline.at(-1).ordinal);
  await alice.engine.sendText(id, 'are you there?');
  await bob.until(() => bob.texts.length === 2);
  const reloaded = await bob.reload();
  await reloaded.until(() => reloaded.status === 'connected' && standing(reloaded, id) === 'asked');
  assertEquals(0, sentBy(server, bob));
  assertEquals(['sent', 'sent'], alice.timeline.map(({ state }) => state));
  await reloaded.engine.accept(id);
  await alice.until(() => alice.timeline.every(({ state }) => state === 'delivered'));
  await alice.until(() => alice.conversations.get(id).seenOrdinal === 1);
  assertEquals('accepted', standing(reloaded, id));
  assertEquals(1, reloaded.conversations.get(id).unread);
});

scenario('whoeverIsWrittenToIsAccepted', async () => {
  const { alice, bob, id } = await asking();
  await alice.engine.sendText(id, 'hello');
  await bob.until(() => standing(bob, id) === 'asked');
  await bob.engine.sendText(id, 'who are you?');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  await bob.until(() => standing(bob, id) === 'accepted');
});

scenario('declinedPersonIsErasedAndBlockedOnAllDevices', async () => {
  const { server, alice, bob, id } = await asking();
  const phone = await signInElsewhere(bob, 'phone');
  await synced(server.users.get(bob.user), [bob, phone]);
  await alice.engine.sendText(id, 'hello');
  for (const browser of [bob, phone]) {
    await browser.until(() => browser.texts.includes('hello') && standing(browser, id) === 'asked');
  }
  await bob.engine.decline(id);
  for (const browser of [bob, phone]) {
    await browser.until(() => browser.texts.length === 0, 'erased');
    await browser.until(() => isGone(browser, id), 'no conversation');
    const { conversations, messages } = await within(browser, () => dump(bob.user));
    assertEquals([[], []], [conversations, messages]);
  }
  await until(async () => (await phone.engine.privacy()).blocked.includes(alice.user));
  await alice.engine.sendText(id, 'are you there?');
  await until(() => acknowledged(server, bob) === 2, 'taken');
  assertEquals([[], []], [bob.texts, phone.texts]);
  assertEquals(0, server.frames('send', bob.user).filter(({ to }) => to === alice.user).length);
  assertEquals('sent', alice.timeline.at(-1).state);
});

scenario('whoeverIsBlockedWhileTheyAskIsDeclinedAndANewKeyBringsNothingBack', async () => {
  const { alice, bob, id } = await asking();
  await alice.engine.sendText(id, 'hello');
  await bob.until(() => standing(bob, id) === 'asked');
  await bob.engine.block(alice.user);
  await bob.until(() => bob.texts.length === 0 && isGone(bob, id), 'declined');
  const newPassword = 'another password that is long';
  await alice.engine.changePassword({ password: PASSWORD, newPassword, newAccountKey: true });
  const phone = await signInElsewhere(alice, 'phone', { password: newPassword });
  await phone.engine.startConversation(bob.user);
  await phone.engine.sendText(id, 'again');
  await until(async () => (await dumpOf(bob)).contacts.some(([, { changed }]) => changed));
  const { conversations, messages } = await dumpOf(bob);
  assertEquals([[], []], [conversations, messages]);
});

test('whoeverAsksIsBlockedWhereNothingOfTheRequestIsKnown', () => withStore(async store => {
  await store.write(['standings'],
    stores => stores.standings.put({ user: 'bob', standing: 'asked' }));
  const requests = new Requests(store, { tell: async () => {}, tellList: async () => {} });
  await requests.block('bob');
  assertEquals(['bob'], await requests.blocked());
}));

scenario('whatABlockedPersonWroteIsDroppedAndTheRatchetGoesOn', async () => {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'before');
  await bob.until(() => bob.texts.includes('before'));
  await alice.until(() => alice.timeline[0].state === 'delivered');
  await bob.engine.block(alice.user);
  assertEquals('blocked', standing(bob, id));
  assertEquals('blocked', await codeOf(() => bob.engine.sendText(id, 'no')));
  await alice.engine.sendText(id, 'meanwhile');
  await until(() => acknowledged(server, bob) === 2, 'taken');
  await bob.engine.unblock(alice.user);
  await alice.engine.sendText(id, 'after');
  await bob.until(() => bob.texts.includes('after'));
  await alice.until(() => alice.timeline.at(-1).state === 'delivered');
  assertEquals([['before', 'after'], 'sent'], [bob.texts, alice.timeline[1].state]);
});

scenario('whoWasAcceptedOnOneDeviceIsOnTheOther', async () => {
  const { server, alice, bob, id } = await asking();
  const phone = await signInElsewhere(bob, 'phone');
  await synced(server.users.get(bob.user), [bob, phone]);
  await alice.engine.sendText(id, 'hello');
  for (const browser of [bob, phone]) await browser.until(() => standing(browser, id) === 'asked');
  await phone.engine.accept(id);
  await bob.until(() => standing(bob, id) === 'accepted');
  await until(async () => (await dumpOf(bob)).outbox.length === 0, 'what was owed is sent');
  await alice.until(() => alice.timeline[0].state === 'delivered');
  await bob.engine.arrange(id, { pinned: true });
  await phone.until(() => phone.conversations.get(id).pinned);
  await phone.engine.arrange(id, { pinned: false, muted: true });
  await bob.until(() => bob.conversations.get(id).muted && !bob.conversations.get(id).pinned);
  await phone.engine.setTyping(false);
  await bob.until(() => bob.events.some(({ type, typing }) => type === 'privacy' && !(typing ?? true)));
  assertEquals({ type: 'privacy', typing: false },
    bob.events.findLast(({ type }) => type === 'privacy'));
  assert(!(await bob.engine.privacy()).typing);
  const third = await signInElsewhere(bob, 'third');
  const { typing, openToAll } = await third.engine.privacy();
  assertEquals([false, false], [typing, openToAll]);
  await third.until(() => third.conversations.get(id)?.muted, 'muted on the new one');
});

scenario('whatBothDevicesDecidedIsUndoneByALaterDecisionOnEither', async () => {
  const { server, alice, bob, id } = await asking();
  const phone = await signInElsewhere(bob, 'phone');
  const account = server.users.get(bob.user);
  await synced(account, [bob, phone]);
  await alice.engine.sendText(id, 'hello');
  for (const browser of [bob, phone]) await browser.until(() => standing(browser, id) === 'asked');
  await Promise.all([bob, phone].map(browser => browser.engine.accept(id)));
  await phone.engine.arrange(id, { pinned: true });
  await phone.engine.arrange(id, { pinned: false });
  for (const browser of [bob, phone]) {
    await until(async () => {
      const { standings, conversations } = await dumpOf(browser);
      return !standings[0][1].isChanged && !conversations[0][1].isArranged;
    }, 'nothing is still to be put');
  }
  await phone.engine.block(alice.user);
  await bob.until(() => standing(bob, id) === 'blocked');
  await bob.engine.unblock(alice.user);
  await phone.until(() => standing(phone, id) === 'accepted');
});

scenario('whoIsBlockedOnOneDeviceGetsNothingFromTheOtherAndIsHiddenThere', async () => {
  const { server, alice, bob, id } = await pair();
  const phone = await signInElsewhere(bob, 'phone');
  await synced(server.users.get(bob.user), [bob, phone]);
  await alice.engine.sendText(id, 'hello');
  for (const browser of [bob, phone]) {
    await browser.until(() => browser.texts.includes('hello'));
    await until(async () => (await dumpOf(browser)).outbox.length === 0, 'answered');
  }
  server.onRequest = async ({ type, to }) => (type === 'send' && to === alice.user
    ? { type: 'error', code: 'busy', text: '', retryAfter: 60_000 } : undefined);
  await phone.engine.sendText(id, 'on its way');
  await until(async () => (await dumpOf(phone)).outbox.some(([, { n, message }]) => n && message));
  const told = phone.events.length;
  await bob.engine.block(alice.user);
  await phone.until(() => phone.timeline.at(-1).state === 'not-sent', 'parked');
  await phone.until(() => phone.events.slice(told).some(({ type }) => type === 'conversations'));
  server.onRequest = async () => undefined;
  await bob.engine.unblock(alice.user);
  await phone.until(() => standing(phone, id) === 'accepted');
  await phone.engine.sendText(id, 'later');
  await alice.until(() => alice.texts.includes('later'));
  assertEquals(false, alice.texts.includes('on its way'));
  await phone.engine.retry(phone.timeline.find(({ text }) => text === 'on its way').id);
  await alice.until(() => alice.texts.includes('on its way'));
});

scenario('whatIsSentWhileItsReaderIsBlockedIsSent', async () => {
  const { server, alice, bob, id } = await pair();
  await bob.engine.startConversation(alice.user);
  let answer;
  const isAsked = new Promise(resolve => {
    server.onRequest = async ({ type, to }) => {
      if (type !== 'send' || to !== alice.user) return;
      resolve();
      await new Promise(go => { answer = go; });
    };
  });
  await bob.engine.sendText(id, 'on its way');
  await isAsked;
  await bob.engine.block(alice.user);
  assertEquals('not-sent', bob.timeline.at(-1).state);
  answer();
  await alice.until(() => alice.texts.includes('on its way'));
  await bob.until(() => bob.timeline.at(-1).state === 'sent');
  assertEquals(undefined, bob.timeline.at(-1).reason);
});

scenario('writingOnOneDeviceAcceptsOnTheOther', async () => {
  const { server, alice, bob, id } = await asking();
  const phone = await signInElsewhere(bob, 'phone');
  await synced(server.users.get(bob.user), [bob, phone]);
  await alice.engine.sendText(id, 'hello');
  for (const browser of [bob, phone]) await browser.until(() => standing(browser, id) === 'asked');
  await bob.engine.sendText(id, 'who is it?');
  await phone.until(() => phone.texts.includes('who is it?') && standing(phone, id) === 'accepted');
});

scenario('refusalForWantOfAnAnswerIsSaidAndSentAgainLater', async () => {
  const { server, alice, bob, id } = await asking();
  server.onRequest = async ({ type, to }) => (type !== 'send' || to !== bob.user ? undefined
    : { type: 'error', code: 'unanswered', text: '', max: 50 });
  await alice.engine.sendText(id, 'one too many');
  await alice.until(() => alice.timeline[0]?.state === 'not-sent');
  const { reason } = alice.timeline[0];
  assertEquals([true, true], [reason.includes('more than 50'), reason.includes(bob.user)]);
  server.onRequest = async () => undefined;
  await alice.engine.retry(alice.timeline[0].id);
  await bob.until(() => bob.texts.includes('one too many'));
  await alice.until(() => alice.timeline[0].state === 'sent');
});

scenario('whoeverAsksIsNotInTheArchiveUntilAccepted', async () => {
  const { alice, bob, id } = await asking();
  await alice.engine.sendText(id, 'hello');
  await bob.until(() => standing(bob, id) === 'asked');
  const rows = async () => (await dump(bob.user)).messages.map(([, { archive }]) => archive);
  assertEquals([AWAITS_ACCEPTANCE], await rows());
  await bob.engine.accept(id);
  await until(async () => (await rows())[0] !== AWAITS_ACCEPTANCE);
});

scenario('blockedPersonsInvitationIsNotShown', async () => {
  const { alice, bob } = await pair();
  await bob.engine.block(alice.user);
  const group = await alice.engine.createGroup('Climbing');
  await alice.engine.inviteMembers(group, [bob.user]);
  const store = async () => (await dump(bob.user)).groups.length;
  await until(async () => await store() === 1, 'the invitation is there');
  assertEquals(undefined, bob.conversations.get(group));
  await bob.engine.unblock(alice.user);
  await bob.until(() => bob.conversations.get(group)?.group.status === 'invited');
});

scenario('whoInvitesBeforeWritingAsksAllTheSameAndAFellowMemberDoesNot', async () => {
  const { alice, bob, id } = await asking();
  const carol = await Person.create('carol');
  const group = await alice.engine.createGroup('Crowd');
  for (const invited of [bob, carol]) await alice.engine.inviteMembers(group, [invited.user]);
  await bob.until(() => bob.conversations.get(group)?.group.status === 'invited');
  await alice.engine.sendText(id, 'hello');
  await bob.until(() => standing(bob, id) === 'asked');
  await bob.engine.decline(id);
  await bob.engine.unblock(alice.user);
  await bob.engine.acceptInvitation(group);
  await bob.until(() => bob.conversations.get(group).group.status === 'member');
  await until(async () => (await dumpOf(bob)).contacts.every(([, row]) => !row.isHeardOf));
  await carol.engine.startConversation(bob.user);
  const other = [...carol.conversations.keys()].find(one => one.includes('+'));
  await carol.engine.sendText(other, 'hi');
  await bob.until(() => standing(bob, other) === 'accepted');
});

scenario('memberWithoutAnyConversationIsBlockedOnAllDevices', async () => {
  const { server, alice, bob, id } = await asking();
  const group = await bob.engine.createGroup('Crowd');
  await bob.engine.inviteMembers(group, [alice.user]);
  const phone = await signInElsewhere(bob, 'phone');
  await synced(server.users.get(bob.user), [bob, phone]);
  await bob.engine.block(alice.user);
  await until(async () => (await phone.engine.privacy()).blocked.includes(alice.user));
  assertEquals([undefined, undefined], [bob, phone].map(one => one.conversations.get(id)));
  await alice.engine.sendText(id, 'hello');
  await until(() => acknowledged(server, bob) === 1, 'taken');
  assertEquals([true, true], [bob, phone].map(one => isGone(one, id)));
  await phone.engine.unblock(alice.user);
  await until(async () => (await bob.engine.privacy()).blocked.length === 0);
});
