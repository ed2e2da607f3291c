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
    {
      name: 'Boathouse crew',
      unread: 1,
      group: { members: [
        { user: 'alice', role: 'admin' }, { user: 'bob', role: 'admin' }, { user: 'carol' },
        { user: 'dora.k', role: 'invited' }, { user: 'erin', leaving: true },
        { user: 'a-rather-long-user-name.of.2026' }] },
      messages: [
        { kind: 'notice', from: 'alice', text: 'You created the group.', daysAgo: 1.2 },
        { kind: 'notice', from: 'alice', text: 'You invited bob, carol and erin.', daysAgo: 1.2 },
        { kind: 'notice', from: 'bob', text: 'bob joined.', daysAgo: 1.19 },
        { mine: true, from: 'alice', state: 'sent', text: 'Who has time on Saturday?',
          daysAgo: 0.031 },
        { from: 'bob', text: 'I do, from ten.', daysAgo: 0.03 },
        { from: 'bob', text: 'I can bring the trailer too.', daysAgo: 0.0299 },
        { from: 'carol', text: 'Only in the afternoon, sorry. Leave the sails to me.',
          daysAgo: 0.0298 },
        { kind: 'notice', from: 'bob', text: 'bob removed mallory.', daysAgo: 0.0297 },
        { from: 'a-rather-long-user-name.of.2026', text: 'Same here', daysAgo: 0.0296 }],
    },
    {
      name: 'Choir',
      group: { status: 'invited', invitedBy: 'carol', members: [
        { user: 'alice', role: 'invited' }, { user: 'carol', role: 'admin' }, { user: 'erin' }] },
      messages: [{ kind: 'notice', from: 'carol', text: 'carol invited you.', daysAgo: 0.5 }],
    },
    {
      name: 'Trip to the islands',
      group: { blockedBy: ['mallory'], members: [
        { user: 'alice' }, { user: 'bob', role: 'admin' }, { user: 'mallory' }] },
      messages: [{ from: 'bob', text: 'Ferry is booked', daysAgo: 4 }],
    },
    {
      name: 'Old reading circle',
      group: { status: 'removed', members: [{ user: 'carol', role: 'admin' }] },
      messages: [
        { from: 'carol', text: 'Next time: chapter 4', daysAgo: 9 },
        { kind: 'notice', from: 'carol', text: 'carol removed you.', daysAgo: 8.5 }],
    },
  ],
})
