/** Nachrichten, die verschwinden, und wer gerade schreibt. */
export const passingTexts = Object.freeze({
  // In den Details
  disappear: 'Nachrichten verschwinden',
  disappearOff: 'Nie',
  disappearOther: 'Nach einer anderen Zeit…',
  disappearCount: 'Wie lange',
  disappearUnit: 'Einheit',
  disappearSet: 'Setzen',
  disappearHint: 'Die Zeit beginnt, wenn eine Nachricht gelesen ist, bei deinen eigenen mit dem '
    + 'Senden. Das gilt für alle in dieser Unterhaltung und für alles, was ab jetzt geschrieben '
    + 'wird. Wer eine Nachricht gelesen hat, kann sie behalten haben.',
  disappearProblem: 'Wähle eine Zahl über 0, und höchstens 365 Tage.',

  // In der Unterhaltung
  disappearLine: duration => `Nachrichten verschwinden, Dauer: ${duration}`,
  disappearsIn: fromNow => `Verschwindet ${fromNow}`,
  disappearsSoon: 'Verschwindet in weniger als einer Minute',
  disappearsOnceRead: duration => `Verschwindet, wenn sie gelesen ist. Dauer: ${duration}`,
  disappearsOnceSent: duration => `Verschwindet, wenn sie gesendet ist. Dauer: ${duration}`,

  // Wer gerade schreibt
  writingNow: 'schreibt…',
  oneWrites: user => `${user} schreibt…`,
  someWrite: users => `${users} schreiben…`,
  manyWrite: 'Mehrere schreiben gerade…',
});
