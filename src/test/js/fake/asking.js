/** The part of the stand-in engine that is about requests, blocking, and what goes by. */

/** @param call notes a call of the engine, and waits or refuses as the test has said */
export function asking(engine, call) {
  const { world } = engine;
  const privacy = { readReceipts: true, typing: true, openToAll: false, blocked: [],
    ...world.privacy };
  const withUser = user => `with-${user}`;

  function tellList() {
    engine.emit({ type: 'conversations', list: [...engine.conversations.values()] });
  }

  function stand(user, standing) {
    const blocked = privacy.blocked.filter(one => one !== user);
    privacy.blocked = standing === 'blocked' ? [...blocked, user] : blocked;
    if (engine.conversations.has(withUser(user))) engine.change(withUser(user), { standing });
    tellList();
  }

  return {
    async privacy() {
      await call('privacy');
      return { ...privacy };
    },

    async blockedPeople() {
      await call('blockedPeople');
      return privacy.blocked;
    },

    async accept(conversation) {
      await call('accept', conversation);
      engine.change(conversation, { standing: 'accepted' });
    },

    async decline(conversation) {
      await call('decline', conversation);
      const { user } = engine.conversations.get(conversation);
      engine.messages.delete(conversation);
      engine.conversations.delete(conversation);
      stand(user, 'blocked');
    },

    async block(user) {
      await call('block', user);
      stand(user, 'blocked');
    },

    async unblock(user) {
      await call('unblock', user);
      stand(user, 'accepted');
    },

    async setReadReceipts(on) {
      await call('setReadReceipts', on);
      privacy.readReceipts = on;
    },

    async setOpenToAll(on) {
      await call('setOpenToAll', on);
      privacy.openToAll = on;
    },

    async setTyping(on) {
      await call('setTyping', on);
      privacy.typing = on;
    },

    async setDisappear(conversation, seconds) {
      await call('setDisappear', conversation, seconds);
      engine.change(conversation, { disappearAfter: seconds });
    },

    typing(conversation, isWriting) {
      engine.calls.push(['typing', conversation, isWriting]);
    },

    /** The time of these messages is over. */
    go(conversation, ids) {
      engine.messages.set(conversation,
        engine.messages.get(conversation).filter(({ id }) => !ids.includes(id)));
      engine.emit({ type: 'messages-gone', conversation, ids });
      engine.change(conversation, {});
    },
  };
}
