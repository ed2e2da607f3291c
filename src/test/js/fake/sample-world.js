({
  online: ['alice', 'bob', 'dora.k', 'erin'],
  conversations: [
    {
      user: 'bob',
      unread: 2,
      messages: [
        { text: 'Did you get the keys for the boathouse?', daysAgo: 1.1 },
        { mine: true, from: 'alice', state: 'delivered', daysAgo: 1.099,
          text: 'Yes, they are at the front desk. Ask for Minna.' },
        { mine: true, from: 'alice', state: 'delivered', daysAgo: 1.0985,
          text: 'Opening hours: https://example.org/desk (until 6 pm).' },
        { text: 'Great', daysAgo: 1.09 },
        { text: 'I will pick them up tomorrow, then we can bring the sails in before the weekend. '
          + 'The forecast says rain from Saturday noon, so the earlier the better.',
          daysAgo: 0.02 },
        { text: 'שלום, مرحبا 👋', daysAgo: 0.0199 },
      ],
    },
    {
      user: 'carol',
      verified: true,
      messages: [
        { kind: 'notice', text: 'You and carol can write to each other now.', daysAgo: 3 },
        { text: 'Can you send me the minutes?', daysAgo: 3 },
        { mine: true, from: 'alice', state: 'sent', text: 'Here they are', daysAgo: 2.9 },
        { mine: true, from: 'alice', state: 'not-sent', action: 'retry', daysAgo: 2.8,
          text: 'And one more thing', reason: 'carol’s inbox is full. Try again later.' },
        { kind: 'undecryptable', text: '', action: 'repair', daysAgo: 0.2,
          reason: 'A message could not be opened: its key was already used.' },
        { kind: 'unsupported', text: '', daysAgo: 0.19 },
        { mine: true, from: 'alice', state: 'pending', text: 'Waiting for the net', daysAgo: 0 },
      ],
    },
    { user: 'mallory', keyChanged: true, draft: 'half a thought',
      messages: [{ text: 'hi', daysAgo: 8 }] },
    { user: 'a-rather-long-user-name.of.2026', messages: [] },
  ],
})
