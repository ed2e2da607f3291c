/** What the engine says to people about groups. */

export const GROUP_REFUSALS = {
  'group-name': 'Eine Gruppe braucht einen Namen mit 1 bis 64 Zeichen.',
  'group-no-people': 'Niemand ist ausgewählt. Gib mindestens einen Namen ein.',
  'group-too-many': 'Lade höchstens 32 Leute auf einmal ein.',
  'group-yourself': 'Du gehörst schon zu dieser Gruppe. Gib den Namen von jemand anderem ein.',
  'group-full': 'Diese Gruppe ist voll: Höchstens 200 Leute und 1.000 Browser gehen hinein, und '
    + 'eine Person kann in 500 Gruppen sein.',
  'group-already-member': '{user} gehört schon zu dieser Gruppe.',
  'group-no-member': '{user} ist kein Mitglied dieser Gruppe.',
  'not-member': 'Du gehörst nicht mehr zu dieser Gruppe.',
  'not-admin': 'Das kann nur ein Admin dieser Gruppe.',
  'last-admin': 'Außer dir gibt es keinen Admin. Mach zuerst jemand anderen zum Admin.',
  'group-invited-only': 'Nimm zuerst die Einladung an.',
  'group-waiting': 'Dieser Browser hat noch keine Schlüssel der Gruppe. Er bekommt sie, sobald '
    + 'jemand anders schreibt; versuch es dann noch einmal.',
  'group-joining': 'Dieser Browser ist noch nicht in dieser Gruppe. Er kommt von selbst hinein, '
    + 'sobald ein Browser von jemandem aus der Gruppe online ist.',
  'group-busy': 'Die Gruppe ändert sich gerade ständig. Versuch es gleich noch einmal.',
  'group-later': 'Der Server antwortet nicht. Es geschieht, sobald er erreichbar ist.',
  'group-refused': 'Der Server hat diese Änderung nicht angenommen. Lade die Seite neu und versuch '
    + 'es noch einmal.',
  'group-alarm': 'Der Server zeigt verschiedene Verläufe dieser Gruppe. Es wird nichts mehr an sie '
    + 'gesendet.',
  'group-missed': 'Zuerst muss ein Admin {user} noch einmal aus dieser Gruppe entfernen.',
  'group-blocked': 'Der Sicherheitsschlüssel von {user} in dieser Gruppe ist nicht der, den dieser '
    + 'Browser kennt. Sieh zuerst in die Unterhaltung mit {user}.',
  'group-not-accepted': 'Der Sicherheitsschlüssel von {user} hat sich geändert. Sieh zuerst in die '
    + 'Unterhaltung mit {user}.',
  'invitation-over': 'Diese Einladung ist abgelaufen. Lass dich noch einmal einladen.',
};

export const GROUP_MESSAGES = {
  'no-keys': 'Eine Nachricht von {user} kann nicht gelesen werden: Dieser Browser hatte die '
    + 'Schlüssel der Gruppe nicht, als sie geschrieben wurde.',
};

export const GROUP_NOT_SENT = {
  'not-member': 'Du gehörst nicht mehr zu dieser Gruppe.',
};

export const GROUP_NOTICES = {
  'group-created': '{by} hat die Gruppe angelegt',
  'group-invited': '{by} hat {user} eingeladen',
  'group-joined': '{by} ist beigetreten',
  'group-joined-without-keys': '{by} ist mit Schlüsseln beigetreten, die nicht zu denen dieses '
    + 'Browsers passen. Frag {by}, ob deine Nachrichten lesbar sind.',
  'group-declined': '{by} hat die Einladung abgelehnt',
  'group-withdrawn': '{by} hat die Einladung von {user} zurückgenommen',
  'group-invitation-over': 'Die Einladung von {user} ist abgelaufen',
  'group-removed': '{by} hat {user} entfernt',
  'group-left': '{by} hat die Gruppe verlassen',
  'group-made-admin': '{by} hat {user} zum Admin gemacht',
  'group-made-member': '{by} hat {user} zum einfachen Mitglied gemacht',
  'group-named': '{by} hat die Gruppe „{name}“ genannt',
  'group-restored': 'Der Server wurde aus einer Kopie vom {at} wiederhergestellt. Was seitdem hier '
    + 'geschrieben oder geändert wurde, fehlt vielleicht bei anderen; deine eigenen Nachrichten '
    + 'werden noch einmal gesendet.',
  'group-name-refused': '{by} nennt die Gruppe „{name}“, ohne Admin zu sein. Hier behält sie ihren '
    + 'Namen, bis ein Admin ihn ändert.',
};

/** What others read of a person, as that person does. */
export const OWN_GROUP_NOTICES = {
  'group-invited': '{by} hat dich eingeladen',
  'group-joined': 'Du bist beigetreten. Du kannst von hier an lesen',
  'group-withdrawn': '{by} hat deine Einladung zurückgenommen',
  'group-invitation-over': 'Deine Einladung ist abgelaufen',
  'group-removed': '{by} hat dich entfernt',
  'group-made-admin': '{by} hat dich zum Admin gemacht',
  'group-made-member': '{by} hat dich zum einfachen Mitglied gemacht',
};

export const GROUP_ALARMS = {
  'fork': 'Der Server zeigt verschiedenen Leuten verschiedene Verläufe dieser Gruppe. Es wird '
    + 'nichts mehr an sie gesendet; sag es den anderen und der Person, die den Server betreibt.',
  'stuck': 'Was in dieser Gruppe ankam, konnte dieser Browser nicht annehmen; es bleibt auf dem '
    + 'Server. Lade die Seite neu; wenn es wieder geschieht, sag es der Person, die den Server '
    + 'betreibt.',
  'too-old': 'Der Server wurde aus einer Kopie wiederhergestellt, die älter ist als das, was '
    + 'dieser Browser von dieser Gruppe weiß; er kann also nicht sagen, wer zu ihr gehört. Es wird '
    + 'nichts mehr angenommen oder gesendet: Verlass die Gruppe und lass dich neu einladen.',
  'rule': 'Was der Server sendet, passt nicht zu den Regeln dieser Gruppe. Es wird nichts mehr '
    + 'angenommen oder gesendet; sag es der Person, die den Server betreibt.',
};

/** What a commit of a member says who never came to know the name. */
export const UNNAMED_GROUP = 'Gruppe';
