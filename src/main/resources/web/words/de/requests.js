/** Fremde, die anfragen, blockierte Leute, und was die Einstellungen zu beiden sagen. */
export const requestTexts = Object.freeze({
  // In der Liste
  requests: count => `Anfragen (${count})`,
  moreRequests: count => `Alle ${count} Anfragen zeigen`,
  asksToWrite: 'Möchte dir schreiben',
  blockedMark: 'Blockiert',

  // In der Unterhaltung
  askedTitle: user => `${user} möchte dir schreiben`,
  askedText: 'Ob das hier angekommen oder gelesen ist, ist erst zu sehen, wenn du annimmst. Auch '
    + 'wenn du etwas sendest, nimmst du an.',
  requestOf: user => `Anfrage von ${user}`,
  askedLine: 'Wartet auf deine Antwort',
  acceptingRequest: 'Wird angenommen…',
  personBlocked: user => `Du hast ${user} blockiert. Nachrichten von dort werden nicht gezeigt, `
    + 'und es wird nichts dorthin gesendet.',
  unblock: 'Nicht mehr blockieren',
  unblockOf: user => `${user} nicht mehr blockieren`,
  block: 'Blockieren',
  askBlock: user => `${user} blockieren…`,
  blockOf: user => `${user} blockieren`,
  hiddenMessage: user => `Nachricht von ${user}, blockiert`,
  showHidden: 'Zeigen',

  // Einmal gefragt
  declineTitle: user => `Anfrage von ${user} ablehnen?`,
  declineText: user => `Was ${user} geschrieben hat, wird auf deinen Geräten gelöscht, und ${user} `
    + 'wird blockiert. Das kannst du unter Einstellungen → Privatsphäre rückgängig machen. Davon '
    + 'wird niemandem etwas gesagt.',
  declineNow: 'Ablehnen und blockieren',
  blockTitle: user => `${user} blockieren?`,
  blockText: user => `Von jetzt an wird nichts gezeigt, was ${user} dir schreibt, und nichts `
    + 'dorthin gesendet. Davon wird niemandem etwas gesagt. Was schon geschrieben ist, bleibt. In '
    + `Gruppen sind diese Nachrichten verborgen, bis du sie sehen willst, und ${user} liest dort `
    + 'weiter mit, was du schreibst. Rückgängig machen kannst du es in den Details oder unter '
    + 'Einstellungen → Privatsphäre.',
  blockNow: 'Blockieren',

  // Benachrichtigung
  somebodyNew: 'Jemand Neues möchte dir schreiben',

  // Einstellungen
  requestsTitle: 'Wer mich noch nicht kennt',
  openToAll: 'Alle auf diesem Server dürfen mir schreiben, ohne zu fragen',
  openToAllHint: 'Solange das aus ist, fragt zuerst, wem du noch nie geschrieben hast, und bleibt '
    + 'außerhalb deiner Unterhaltungen, bis du antwortest.',
  typingTitle: 'Schreiben',
  typingSwitch: 'Zeigen, wenn ich schreibe',
  typingHint: 'Das gilt für alle deine Geräte und in beide Richtungen: solange es aus ist, siehst '
    + 'auch du nicht, wenn andere schreiben.',
  blockedPeopleTitle: 'Blockierte Leute',
  blockedPeople: 'Leute, die du blockiert hast',
  nobodyBlocked: 'Du hast niemanden blockiert. Das geht im Menü oder in den Details einer '
    + 'Unterhaltung und in den Details einer Gruppe.',
});
