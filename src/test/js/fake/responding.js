/** The part of the stand-in engine that is about answers to messages, and changes of them. */

/** @param call notes a call of the engine, and waits or refuses as the test has said */
export function responding(engine, call) {
  const find = id => [...engine.messages.values()].flat().find(message => message.id === id);

  return {
    /** What a message that answers another tells of that. */
    quoteOf(id) {
      const { from, text, kind } = find(id);
      return { id, from, text, kind };
    },

    async react(id, emoji) {
      await call('react', id, emoji);
      const others = (find(id).reactions ?? []).map(one => one.mine
        ? { ...one, mine: false, users: one.users.filter(user => user !== 'alice') } : one);
      const same = others.find(one => one.emoji === emoji);
      const mine = emoji === null ? []
        : [{ emoji, users: [...same?.users ?? [], 'alice'], mine: true }];
      const reactions = [...others.filter(one => one !== same && one.users.length > 0), ...mine]
        .sort((a, b) => b.users.length - a.users.length);
      engine.update(id, { reactions });
    },

    async edit(id, text) {
      await call('edit', id, text);
      engine.update(id, { text, edited: true });
    },

    async deleteForAll(id) {
      await call('deleteForAll', id);
      engine.update(id, { kind: 'deleted', text: '', reactions: [], edited: false });
      engine.change(find(id).conversation, {});
    },
  };
}
