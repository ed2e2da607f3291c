({
  account: { phase: 'signed-in', user: 'maren' },
  online: ['ines', 'jonas', 'priya', 'tomasz', 'yuki'],
  recovery: true,
  devices: [
    { id: 'd1', name: 'Firefox on Linux', addedAt: Date.UTC(2026, 5, 3), lastSeen: 0,
      connected: true, isThis: true },
    { id: 'd2', name: 'Chrome on Android', addedAt: Date.UTC(2026, 6, 19), lastSeen: 0,
      connected: true, isThis: false },
    { id: 'd3', name: 'Laptop in the workshop', addedAt: Date.UTC(2026, 8, 30),
      lastSeen: Date.UTC(2026, 10, 24, 16, 40), connected: false, isThis: false },
  ],
  conversations: [
    {
      user: 'jonas',
      verified: true,
      messages: [
        { text: 'Back from the archive. The 1928 plans are in better shape than we feared.',
          daysAgo: 1.09 },
        { mine: true, from: 'maren', state: 'delivered', daysAgo: 1.085,
          text: 'That is very good news. Also the section through the stairwell?' },
        { text: 'That one too, with the original colours in pencil.',
          reactions: [{ emoji: '❤', users: ['maren'], mine: true }], daysAgo: 1.08 },
        { kind: 'file', text: '', daysAgo: 1.079, file: { name: 'Stairwell section 1928.pdf',
          mediaType: 'application/pdf', size: 2_481_900, isHere: true } },
        { mine: true, from: 'maren', state: 'delivered', daysAgo: 0.075,
          text: 'I showed it to Ines this morning. She would like to see the paper itself before'
            + ' she decides about the green.' },
        { text: 'Thursday at ten? They open the reading room only for us then, so we can take our'
            + ' time. I would bring the colour cards.', daysAgo: 0.07 },
        { text: 'The way in is from the courtyard: https://example.org/reading-room',
          daysAgo: 0.0695 },
        { mine: true, from: 'maren', state: 'delivered', daysAgo: 0.061,
          text: 'Thursday at ten is fine for both of us.',
          replyTo: { id: 'jonas/4', from: 'jonas', kind: 'text',
            text: 'Thursday at ten? They open the reading room only for us then' } },
        { mine: true, from: 'maren', state: 'delivered', daysAgo: 0.0605,
          text: 'And thank you for digging this out.' },
      ],
    },
    {
      name: 'Stairwell',
      unread: 2,
      group: { members: [{ user: 'maren', role: 'admin', self: true }, { user: 'ines', role: 'admin' },
        { user: 'jonas' }, { user: 'tomasz' }, { user: 'yuki' }] },
      messages: [
        { kind: 'notice', from: 'ines', text: 'ines invited tomasz and yuki.', daysAgo: 0.17 },
        { kind: 'notice', from: 'tomasz', text: 'tomasz joined.', daysAgo: 0.165 },
        { from: 'ines', text: 'Welcome, both. The scaffold comes on Monday, painting starts on'
            + ' Wednesday if the plaster is dry.', daysAgo: 0.15 },
        { from: 'tomasz', text: 'I can measure the plaster on Tuesday afternoon.', daysAgo: 0.14 },
        { from: 'tomasz', text: 'Who has the key for the attic?', daysAgo: 0.1395 },
        { mine: true, from: 'maren', state: 'sent', daysAgo: 0.13,
          text: 'It hangs in the office, second hook from the left.' },
        { from: 'yuki', text: 'I could bring samples of the lime paint on Tuesday, then we see'
            + ' them in the light of the stairwell itself.', daysAgo: 0.043 },
        { from: 'ines', text: 'Please do. I will be there from two.', daysAgo: 0.042 },
      ],
    },
    { user: 'ines', draft: 'About the green: ',
      messages: [{ text: 'See you on Thursday, then.', daysAgo: 0.058 }] },
    { user: 'priya', messages: [
      { text: 'Could you look over the offer for the stairs?', daysAgo: 2.1 },
      { mine: true, from: 'maren', state: 'delivered', daysAgo: 2.0,
        text: 'Read it on the train, it is good as it is.' }] },
    {
      name: 'Lunch',
      group: { members: [{ user: 'maren', self: true }, { user: 'yuki', role: 'admin' }, { user: 'priya' }] },
      messages: [{ from: 'yuki', text: 'Soup on Friday, under the stairs?', daysAgo: 3.05 }],
    },
  ],
})
