/**
 * What `PageMeasurement` runs in a signed-in page: puts messages of people who do not exist into
 * the account's store, by the functions that the page itself uses, and waits for what is made of
 * them.
 */
({
  async fill({ user, people, count }) {
    const [{ AccountStore }, conversations, { randomBytes }] = await Promise.all(
      ['/store/account-store.js', '/store/conversations.js', '/crypto/bytes.js']
        .map(path => import(path)));
    const {
      CONVERSATION_STORES, addMessage, conversationOf, markRead, messagePlace, rowId,
    } = conversations;
    const BATCH = 250;
    const WORDS = ('about after again all and answer anything because before boat budget can '
      + 'coffee come could deploy does evening find for from give größe harbour have hello help '
      + 'here idea just key know last later lunch maybe meeting Müller never new number okay on '
      + 'order please question ready report send server show soon station still stairs thanks '
      + 'that the there this ticket today tomorrow train until we what when where which why will '
      + 'with work yes yesterday you').split(' ');
    const begin = Date.now() - count * 60_000;

    /** 3 to 27 words; the last one is there once. */
    function textOf(nr) {
      let seed = nr + 1;
      const next = () => (seed = Math.imul(seed, 48_271) % 0x7fffffff, Math.abs(seed));
      const words = Array.from({ length: 3 + next() % 24 }, () => WORDS[next() % WORDS.length]);
      return `${words.join(' ')} nr${nr}.`;
    }

    async function rowOf(nr) {
      const peer = `person${nr % people}`;
      const mine = nr % 3 === 0;
      const from = mine ? user : peer;
      const at = begin + nr * 60_000;
      const row = {
        conversation: conversationOf(user, peer), id: rowId(from, randomBytes(16)), mine, from,
        sentAt: at, receivedAt: at, kind: 'text', archive: 1,
        ...mine ? { to: peer, state: 'delivered', acceptedAt: at } : { time: at },
      };
      return { peer, row: { ...row, sealed: await store.sealing.seal(messagePlace(row), textOf(nr)) } };
    }

    const store = await AccountStore.open(user);
    for (let first = 0; first < count; first += BATCH) {
      const size = Math.min(BATCH, count - first);
      const rows = await Promise.all(Array.from({ length: size }, (_, i) => rowOf(first + i)));
      await store.write(CONVERSATION_STORES, async stores => {
        // Neighbours are in conversations of their own, so that they can be added at once.
        for (let i = 0; i < size; i += people) {
          await Promise.all(rows.slice(i, i + people)
            .map(({ peer, row }) => addMessage(stores, peer, row)));
        }
      });
    }
    await store.write(CONVERSATION_STORES, async stores => {
      for (let i = 0; i < people; i++) {
        await markRead(stores, conversationOf(user, `person${i}`), count);
      }
    });
    store.close();
  },

  /** How many texts are not sealed together for the search yet. */
  async waiting({ user }) {
    const [{ AccountStore }, { settle }] = await Promise.all(
      ['/store/account-store.js', '/store/database.js'].map(path => import(path)));
    const store = await AccountStore.open(user);
    const count = await store.read(['searchQueue'],
      ({ searchQueue }) => settle(searchQueue.count()));
    store.close();
    return count;
  },

  /** How long one search takes in a tab that has not searched before, and then others. */
  async search({ user, wanted }) {
    const [{ AccountStore }, { Search }] = await Promise.all(
      ['/store/account-store.js', '/client/search.js'].map(path => import(path)));
    const store = await AccountStore.open(user);
    const search = new Search(store);
    const times = [];
    for (const text of wanted) {
      const begin = performance.now();
      await search.find(text);
      times.push(performance.now() - begin);
    }
    store.close();
    return times;
  },
})
