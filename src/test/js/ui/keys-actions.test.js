import { assertEquals, test } from '../harness.js';
import { desk, refused } from './desk.js';
import { texts } from '/ui/texts.js';

const ARRIVAL = { conversation: 'c1', text: 'see you at eight', from: 'bob' };

function deskWithGroup() {
  const it = desk();
  it.dispatch({ type: 'conversation', conversation: { id: 'g1', kind: 'group', name: 'Crew',
    unread: 2, draft: '', lastAt: 9, group: { status: 'member' } } });
  return it;
}

test('stepGoesToTheNextConversationAndClosesWhatIsOver', () => {
  const it = deskWithGroup();
  it.actions.step('next');
  it.actions.step('previous');
  it.actions.step('next-unread');
  assertEquals(['g1', 'c1', 'g1'], it.went);
  assertEquals(3, it.state.entered);
  it.actions.showSwitcher();
  it.actions.enter('c1');
  assertEquals([null, 'c1'], [it.state.dialog, it.went.at(-1)]);
});

test('switcherStartsAConversationAndTellsItsRefusalThere', async () => {
  const it = desk({ startConversation: refused('Nobody here has this name.') });
  it.actions.showSwitcher();
  await it.actions.startConversation('Zoe', 'switcher');
  assertEquals([['startConversation', 'zoe']], it.calls);
  assertEquals(['switcher', 'Nobody here has this name.', false],
    [it.state.dialog.kind, it.state.dialog.error, it.state.dialog.busy]);
});

test('arrangingIsAskedOfTheEngineAndItsRefusalIsAnAlarm', async () => {
  const it = desk({ arrange: refused('The disk is full.') });
  await it.actions.arrange('c1', { muted: true });
  assertEquals([['arrange', 'c1', { muted: true }]], it.calls);
  assertEquals('The disk is full.', it.state.alerts[0].text);
});

test('nothingIsToldBeforeSomebodyTurnedItOn', async () => {
  const it = deskWithGroup();
  it.actions.notify(ARRIVAL);
  assertEquals([], it.notifier.shown);
  await it.actions.showSettings('notifications');
  await it.actions.turnOnNotifications();
  assertEquals([{ permission: 'granted', shows: 'name' }, texts.notificationsAreOn],
    [it.state.notifications, it.state.dialog.result]);
  it.actions.chooseNotifications('off');
  it.actions.notify(ARRIVAL);
  assertEquals(1, it.notifier.shown.length, 'the one that shows how it is');
});

test('refusalByThePersonOrTheBrowserLeavesItOff', async () => {
  for (const [change, error] of [[{ answer: 'denied' }, null],
    [{ works: false }, texts.notificationsFail],
    [{ show: async () => { throw new Error('refused'); } }, texts.notificationsFail]]) {
    const it = desk();
    Object.assign(it.notifier, change);
    await it.actions.showSettings('notifications');
    await it.actions.turnOnNotifications();
    assertEquals(['off', error], [it.state.notifications.shows, it.state.dialog.error]);
  }
});

test('notificationShowsNoMoreThanWasChosen', () => {
  const inGroup = { ...ARRIVAL, conversation: 'g1' };
  for (const [shows, arrival, expected] of [
    ['nothing', ARRIVAL, { tag: 'any', title: 'Sotto', body: 'New message' }],
    ['nothing', inGroup, { tag: 'any', title: 'Sotto', body: 'New message' }],
    ['name', ARRIVAL, { tag: 'c1', title: 'bob', body: 'New message' }],
    ['name', inGroup, { tag: 'g1', title: 'Crew', body: 'New message' }],
    ['text', ARRIVAL, { tag: 'c1', title: 'bob', body: 'see you at eight' }],
    ['text', { ...ARRIVAL, text: '' }, { tag: 'c1', title: 'bob', body: 'New message' }],
    ['text', inGroup, { tag: 'g1', title: 'Crew', body: 'bob: see you at eight' }]]) {
    const it = deskWithGroup();
    Object.assign(it.notifier, { permission: 'granted', shows });
    it.actions.notify(arrival);
    assertEquals([expected], it.notifier.shown);
  }
});

test('clickOpensTheConversationAndWhatWasReadIsWithdrawn', () => {
  const it = deskWithGroup();
  Object.assign(it.notifier, { permission: 'granted', shows: 'nothing' });
  it.actions.notify(ARRIVAL);
  it.actions.followNotification('any');
  it.actions.followNotification('g1');
  it.actions.followNotification('gone');
  assertEquals(['c1', 'g1'], it.went);
  it.actions.withdrawNotification('g1');
  it.actions.withdrawNotification('c1');
  assertEquals(['g1', 'c1', 'any'], it.notifier.withdrawn);
});

test('howeverManyAskOneQuietNotificationStandsForThemAndGoesWhenOneLooks', () => {
  const it = deskWithGroup();
  Object.assign(it.notifier, { permission: 'granted', shows: 'text' });
  const asks = id => ({ id, user: id, standing: 'asked', draft: '', unread: 0, lastOrdinal: 1 });
  for (const id of ['nadia', 'omar']) {
    it.dispatch({ type: 'conversation', conversation: asks(id) });
    it.actions.notify({ conversation: id, isRequest: true });
  }
  const told = { tag: 'request', title: 'Sotto', body: texts.somebodyNew, isQuiet: true };
  assertEquals([told, told], it.notifier.shown);
  it.actions.withdrawNotification('omar');
  assertEquals(['omar'], it.notifier.withdrawn, 'omar still asks');
  it.actions.followNotification('request');
  assertEquals(['omar'], it.went);
  it.dispatch({ type: 'conversation', conversation: { ...asks('omar'), standing: 'accepted' } });
  it.actions.withdrawNotification('omar');
  assertEquals(['omar', 'omar', 'request'], it.notifier.withdrawn);
});
