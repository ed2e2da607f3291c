import { assert, assertEquals } from '../harness.js';
import { dump, pair, scenario } from './people.js';

scenario('howTheListShowsAConversationSurvivesAndIsToldToOtherTabs', async () => {
  const { alice, id } = await pair();
  const tab = await alice.tab();
  await alice.engine.arrange(id, { muted: true, pinned: true });
  await tab.until(() => tab.conversations.get(id).muted);
  const back = await alice.reload();
  const shown = back.conversations.get(id);
  assertEquals([true, true, undefined], [shown.muted, shown.pinned, shown.archived]);
  await back.engine.arrange(id, { muted: false, pinned: false, elsewhere: true });
  assert(!('muted' in back.conversations.get(id)));
  const row = (await dump(back.user)).conversations.find(([key]) => key === id)[1];
  assertEquals([], ['muted', 'pinned', 'archived', 'elsewhere'].filter(name => name in row));
});

scenario('archivedConversationComesBackWithAMessageUnlessItIsMuted', async () => {
  const { alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'hello');
  await bob.until(() => bob.texts.includes('hello'));
  await alice.engine.arrange(id, { archived: true });
  await alice.engine.saveDraft(id, 'a draft alone changes nothing');
  assert(alice.conversations.get(id).archived);
  await bob.engine.sendText(id, 'one');
  await alice.until(() => alice.texts.includes('one'));
  await alice.until(() => !alice.conversations.get(id).archived);
  await alice.engine.arrange(id, { archived: true, muted: true });
  await bob.engine.sendText(id, 'two');
  await alice.until(() => alice.conversations.get(id).lastText === 'two');
  assertEquals([true, 2, bob.user], ['archived', 'unread', 'lastFrom']
    .map(name => alice.conversations.get(id)[name]));
  await alice.engine.arrange(id, { muted: false });
  await alice.engine.sendText(id, 'three');
  assert(!alice.conversations.get(id).archived);
});

scenario('conversationThatIsNotThereIsNotArranged', async () => {
  const { alice } = await pair();
  let code = null;
  await alice.engine.arrange('nobody+here', { muted: true })
    .catch(error => { code = error.code; });
  assertEquals('no-such-conversation', code);
});

scenario('leadingTabAloneNotifiesAndNotOfWhatSomebodyLooksAtInAnother', async () => {
  const { alice, id } = await pair();
  const tab = await alice.tab();
  await tab.until(() => tab.status === 'connected');
  assertEquals([true, false], [alice, tab].map(({ engine }) => engine.mayNotify(id)));
  tab.engine.attend(id);
  await alice.until(() => !alice.engine.mayNotify(id));
  assert(alice.engine.mayNotify('another+one'));
  tab.engine.attend(null);
  await alice.until(() => alice.engine.mayNotify(id));
  tab.engine.attend(id);
  await alice.until(() => !alice.engine.mayNotify(id));
  alice.engine.close();
  const third = await tab.tab();
  third.engine.attend(null);
  await tab.until(() => tab.engine.mayNotify('another+one'));
  await tab.until(() => !tab.engine.mayNotify(id), 'who leads learns what is looked at');
});
