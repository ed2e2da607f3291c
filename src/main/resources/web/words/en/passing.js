/** Messages that disappear, and who is writing just now. */
export const passingTexts = Object.freeze({
  // In the details
  disappear: 'Messages disappear',
  disappearOff: 'Off',
  disappearOther: 'After another time…',
  disappearCount: 'How long',
  disappearUnit: 'Unit',
  disappearSet: 'Set',
  disappearHint: 'The time begins when a message is read, for your own when it is sent. It is for '
    + 'everybody in this conversation, and for what is written from now on. Whoever has read a '
    + 'message may have kept it.',
  disappearProblem: 'Choose a number above 0, and at most 365 days.',

  // In the conversation
  disappearLine: duration => `Messages disappear after ${duration}`,
  disappearsIn: fromNow => `Disappears ${fromNow}`,
  disappearsSoon: 'Disappears in less than a minute',
  disappearsOnceRead: duration => `Disappears ${duration} after it is read`,
  disappearsOnceSent: duration => `Disappears ${duration} after it is sent`,

  // Who is writing
  writingNow: 'writing…',
  oneWrites: user => `${user} is writing…`,
  someWrite: users => `${users} are writing…`,
  manyWrite: 'Several people are writing…',
});
