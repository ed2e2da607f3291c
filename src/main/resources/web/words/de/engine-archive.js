/** What the engine says about the archive and about history that browsers hand over. */

export const HISTORY_REFUSALS = {
  'history-no-sibling': 'Das ist dein einziger Browser; also kann keiner übergeben, was er hat. '
    + 'Melde dich zuerst woanders an.',
};

export const ARCHIVE_TEXTS = {
  'off': 'Deine Nachrichten werden nicht archiviert. Was archiviert war, wurde vom Server '
    + 'gelöscht.',
  'off-later': 'Deine Nachrichten werden nicht mehr archiviert. Was archiviert war, wird gelöscht, '
    + 'sobald der Server erreichbar ist.',
  'full': 'Dein Archiv auf dem Server ist voll, darum sind neuere Nachrichten nicht darin. Sie '
    + 'bleiben in diesem Browser. Bitte die Person, die den Server betreibt, um mehr Platz, oder '
    + 'schalte das Archiv aus und wieder ein, um ein neues zu beginnen.',
  'broken': 'Der Server hat einen Teil deines Archivs verloren oder verändert. Was bis dahin '
    + 'wiederhergestellt wurde, bleibt und ist zu sehen; es kommt nichts mehr dazu. Sag es der '
    + 'Person, die den Server betreibt; schalte das Archiv aus und wieder ein, um ein neues zu '
    + 'beginnen.',
};
