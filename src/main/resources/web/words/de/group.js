/** The part of the texts that is about groups; `texts` holds them all. */
export const groupTexts = Object.freeze({
  newGroup: 'Neue Gruppe',
  groupName: 'Name der Gruppe',
  newGroupHint: 'Nur wer in der Gruppe ist, kann ihren Namen lesen. Im nächsten Schritt lädst du '
    + 'Leute ein.',
  create: 'Anlegen',
  creatingGroup: 'Wird angelegt…',
  groupNameProblems: {
    missing: 'Gib einen Namen für die Gruppe ein.',
    long: 'Dieser Name ist zu lang. Nimm höchstens 64 Zeichen.',
    control: 'Dieser Name enthält ein Zeichen, das nicht angezeigt werden kann. Gib ihn neu ein.',
  },
  group: 'Gruppe',
  groupLock: {
    changed: 'Sicherheitsschlüssel geändert',
    alarm: 'Nicht mehr sicher',
  },
  headcount: (members, invited) => (members === 1 ? '1 Mitglied' : `${members} Mitglieder`)
    + (invited > 0 ? `, ${invited} eingeladen` : ''),
  groupLine: headcount => `${headcount} · Verschlüsselt`,
  notMember: {
    joining: 'Noch nicht in dieser Gruppe',
    invited: 'Einladung',
    left: 'Nicht in dieser Gruppe',
    removed: 'Aus dieser Gruppe entfernt',
    lost: 'Nicht mehr in dieser Gruppe',
  },
  noGroupMessages: 'Noch keine Nachrichten. Nur wer in dieser Gruppe ist, kann lesen, was hier '
    + 'geschrieben wird.',
  alone: 'Noch ist niemand sonst in dieser Gruppe. Lade hier oder unter Details Leute ein: Sie '
    + 'können lesen, was von da an geschrieben wird.',
  invitePeople: 'Leute einladen',
  invitationBy: user => user === null ? 'Einladung in eine Gruppe' : `Einladung von ${user}`,
  invitationTo: name => `Einladung in ${name}`,
  invitationTitle: user => user === null ? 'Du bist in diese Gruppe eingeladen'
    : `${user} lädt dich in diese Gruppe ein`,
  inTheGroup: 'In der Gruppe:',
  andMore: count => `und ${count} weitere`,
  invitationHint: 'Du kannst lesen, was geschrieben wird, sobald du angenommen hast.',
  accept: 'Annehmen',
  answering: 'Die Gruppe wird benachrichtigt…',
  decline: 'Ablehnen',
  stops: {
    changed: 'Entscheide oben, ob du mit dem neuen Schlüssel weitermachst.',
    blocked: 'Hier wird nichts gesendet, bis du oben über den geänderten Schlüssel entschieden '
      + 'hast.',
    alarm: 'In dieser Gruppe wird nichts mehr gesendet. Sprich die anderen auf einem anderen Weg '
      + 'an und legt eine neue Gruppe an.',
    missed: 'Hier wird nichts gesendet, bis ein Admin noch einmal entfernt hat, wer oben genannt '
      + 'ist.',
    joining: 'Dieser Browser ist noch nicht in dieser Gruppe. Er kommt von selbst hinein, sobald '
      + 'der Server und jemand aus der Gruppe verbunden sind; was von da an geschrieben wird, '
      + 'steht dann hier. Du musst nichts tun.',
    waiting: 'Dieser Browser wartet auf die Schlüssel dieser Gruppe. Er bekommt sie von selbst; '
      + 'dann kannst du hier schreiben.',
    left: 'Du bist nicht in dieser Gruppe. Was geschrieben wurde, als du dabei warst, bleibt hier.',
    removed: 'Du wurdest aus dieser Gruppe entfernt. Was geschrieben wurde, als du dabei warst, '
      + 'bleibt hier.',
    lost: 'Der Server wurde aus einer Kopie wiederhergestellt, in der du nicht in dieser Gruppe '
      + 'bist. Lass dich neu einladen oder lege eine neue Gruppe an. Was geschrieben wurde, bleibt '
      + 'hier.',
  },
  blockedTitle: 'Ein Sicherheitsschlüssel ist nicht der, den dieser Browser kennt',
  blockedText: users => `An diese Gruppe wird nichts gesendet, bis du über ${users} entschieden `
    + 'hast. Öffne die Unterhaltung und entscheide dort.',
  missedTitle: users => `Vor der Wiederherstellung des Servers nicht mehr in der Gruppe: ${users}`,
  missedForMember: (users, admins) => `Ein Admin muss ${users} noch einmal entfernen, bevor du `
    + `hier schreiben kannst. Admins dieser Gruppe: ${admins}.`,
  missedForAdmin: users => `Der Server wurde aus einer Kopie wiederhergestellt, die ${users} noch `
    + 'in dieser Gruppe führt. Hier wird nichts gesendet, bevor du noch einmal entfernst: Drück '
    + 'den Knopf, oder schreib einfach.',
  removeAgain: users => `${users} noch einmal entfernen`,
  openTalkWith: user => `Unterhaltung mit ${user} öffnen`,
  alarmTitle: 'Diese Gruppe ist nicht mehr sicher',
  groupDetails: 'Details der Gruppe',
  rename: 'Umbenennen',
  saveName: 'Namen speichern',
  saving: 'Wird gespeichert…',
  members: 'Mitglieder',
  yourself: '(du)',
  verifiedMember: 'von dir überprüft',
  roles: {
    admin: 'Admin',
    member: 'Mitglied',
    invited: 'Eingeladen, hat noch nicht geantwortet. Kann von hier an lesen.',
  },
  leaving: 'Verlässt gerade die Gruppe.',
  declined: 'Hat die Einladung abgelehnt.',
  makeAdmin: 'Zum Admin machen',
  makeAdminOf: user => `${user} zum Admin machen`,
  makeMember: 'Zum Mitglied machen',
  makeMemberOf: user => `${user} zum Mitglied machen`,
  remove: 'Entfernen',
  removeOf: user => `${user} entfernen`,
  removeMeans: user => `${user} bekommt nichts mehr, was hier von jetzt an geschrieben wird. Was `
    + `${user} schon bekommen hat, kann niemand zurückholen.`,
  removeNow: 'Jetzt entfernen',
  withdrawMeans: user => `Das nimmt die Einladung zurück. ${user} kann mit ihr nicht mehr `
    + 'beitreten.',
  withdrawNow: 'Einladung zurücknehmen',
  addMember: 'Mitglied hinzufügen',
  addHint: 'Ein oder mehrere Benutzernamen, mit Leerzeichen oder Kommas dazwischen. Alle werden '
    + 'auf einmal eingeladen und können von hier an lesen.',
  add: 'Hinzufügen',
  adding: 'Wird eingeladen…',
  pickOnline: 'Jetzt online:',
  pick: user => `${user} auswählen`,
  invitationProblems: {
    none: () => 'Gib den Benutzernamen der Person ein, die du einladen möchtest.',
    invalid: names => `So kann kein Benutzername heißen: ${names}. Nimm 2 bis 32 Zeichen: a bis z, `
      + '0 bis 9, Punkt, Bindestrich und Unterstrich, das erste ein Buchstabe oder eine Ziffer.',
    already: names => `Schon in dieser Gruppe oder eingeladen: ${names}.`,
    'at-once': () => 'Höchstens 32 Leute können auf einmal eingeladen werden. Lade sie in mehreren '
      + 'Schritten ein.',
    full: () => 'Eine Gruppe fasst höchstens 200 Leute.',
  },
  leaveGroup: 'Gruppe verlassen',
  leaveMeans: 'Du bekommst nichts mehr, was hier von jetzt an geschrieben wird, und kommst nur '
    + 'zurück, wenn dich jemand einlädt. Was du bisher bekommen hast, bleibt in diesem Browser.',
  leaveNow: 'Jetzt verlassen',
  seenByAll: user => `Alle in der Gruppe haben gesehen, dass ${user} nicht mehr dabei ist.`,
  unseenBy: (user, names) => `Noch haben nicht alle gesehen, dass ${user} nicht mehr dabei ist: `
    + `${names}. Bis dahin könnte ein unehrlicher Server ${user} lesen lassen, was sie schreiben.`,
});
