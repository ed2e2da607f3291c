/**
 * What the engine says to people: what happened, and what to do. `{user}` and the like are filled
 * in by client/texts.js.
 */
import { ACCOUNT_ALARMS, ACCOUNT_REFUSALS, DEVICE_NAMES, OWN_DEVICES } from './engine-account.js';
import { ASKS_NOT_SENT, ASKS_REFUSALS } from './asks.js';
import { ARCHIVE_TEXTS, HISTORY_REFUSALS } from './engine-archive.js';
import { CONTENT_REFUSALS } from './engine-contents.js';
import { OWN_TIMER_NOTICES, TIMER_NOTICES, TIMER_REFUSALS } from './engine-disappearing.js';
import { FILE_NOT_SENT, FILE_REFUSALS } from './engine-files.js';
import {
  GROUP_ALARMS, GROUP_MESSAGES, GROUP_NOTICES, GROUP_NOT_SENT, GROUP_REFUSALS, OWN_GROUP_NOTICES,
  UNNAMED_GROUP,
} from './engine-groups.js';

const REFUSALS = {
  ...ACCOUNT_REFUSALS,
  ...GROUP_REFUSALS,
  ...HISTORY_REFUSALS,
  ...CONTENT_REFUSALS,
  ...FILE_REFUSALS,
  ...TIMER_REFUSALS,
  ...ASKS_REFUSALS,
  'name-invalid': 'Dieser Benutzername geht nicht. Nimm 2 bis 32 aus a bis z, 0 bis 9, Punkt, '
    + 'Bindestrich und Unterstrich, mit einem Buchstaben oder einer Ziffer am Anfang.',
  'name-taken': 'Diesen Benutzernamen hat schon jemand. Wähle einen anderen.',
  'account-here': 'Dieser Browser hat das Konto {user} schon. Melde dich stattdessen an.',
  'made-before': 'Dieses Konto wurde gerade eben mit dem Passwort angelegt, das du zuerst '
    + 'eingegeben hast. Du bist angemeldet; merk dir jenes Passwort.',
  'key-changed-again': 'Der Sicherheitsschlüssel von {user} hat sich noch einmal geändert. Sieh '
    + 'ihn dir neu an, bevor du dich entscheidest.',
  'password-short': 'Dieses Passwort ist zu kurz. Wähle eines mit mindestens 10 Zeichen; mehrere '
    + 'Wörter merkt man sich am leichtesten.',
  'password-holds-name': 'Dieses Passwort enthält den Benutzernamen. Wähle ein anderes.',
  'password-common': 'Dieses Passwort gehört zu den ersten, die Angreifer probieren. Wähle ein '
    + 'anderes; mehrere Wörter merkt man sich am leichtesten.',
  'sign-in-failed': 'Der Benutzername oder das Passwort ist falsch. Prüfe beides und versuch es '
    + 'noch einmal.',
  'unknown-user': 'Hier heißt niemand {user}. Frag die Person nach ihrem Namen.',
  'yourself': 'Das ist dein eigener Name. Gib den Namen von jemand anderem ein.',
  'no-such-conversation': 'Diese Unterhaltung ist nicht mehr hier. Lade die Seite neu.',
  'no-such-message': 'Diese Nachricht ist nicht mehr hier. Lade die Seite neu.',
  'device-gone': 'Diese Nachricht kam aus einem Browser, den {user} nicht mehr benutzt. Bitte '
    + '{user}, sie noch einmal zu schreiben.',
  'text-empty': 'Es gibt nichts zu senden. Schreib zuerst etwas.',
  'text-too-long': 'Diese Nachricht ist zu lang. Teile sie auf mehrere auf.',
  'signed-out': 'Hier ist niemand angemeldet. Melde dich zuerst an.',
  'offline': 'Der Server ist nicht erreichbar. Prüfe deine Verbindung und versuch es noch einmal.',
  'no-answer': 'Ein anderer Tab mit Sotto antwortet nicht. Schließ ihn und versuch es noch einmal.',
  'failed-here': 'Auf dieser Seite ist etwas schiefgegangen. Lade sie neu und versuch es noch '
    + 'einmal.',
  'rate-limited': 'Das wurde zu oft versucht. Warte {seconds} Sekunden und versuch es noch einmal.',
  'busy': 'Der Server ist beschäftigt. Warte {seconds} Sekunden und versuch es noch einmal.',
  'server-full': 'Der Server hat keinen Platz mehr. Sag es der Person, die ihn betreibt.',
  'server-failed': 'Beim Server ging etwas schief. Versuch es noch einmal; wenn es so bleibt, sag '
    + 'es der Person, die ihn betreibt.',
  'server-not-understood': 'Diese Seite und der Server verstehen einander nicht. Lade die Seite '
    + 'neu; wenn es so bleibt, sag es der Person, die den Server betreibt.',
  'server-host': 'Der Server sagt, er sei {host}, und das ist nicht die Adresse dieser Seite. '
    + 'Öffne {host} in der Adresszeile.',
  'server-seal-key': 'Der Server hat einen Schlüssel gezeigt, der alt oder nicht seiner ist. Prüfe '
    + 'die Uhr dieses Geräts; wenn sie stimmt, sitzt vielleicht jemand zwischen dir und dem '
    + 'Server.',
  'server-changed': 'Der Schlüssel dieses Servers ist nicht der, den dieser Browser kennt. '
    + 'Entweder wurde der Server neu eingerichtet, oder jemand sitzt zwischen dir und ihm. Frag '
    + 'die Person, die ihn betreibt, vergleiche den Fingerabdruck und mach nur weiter, wenn es '
    + 'ihrer ist.',
  'device-refused': 'Der Server hat die Unterschrift dieses Browsers nicht angenommen. Sag es der '
    + 'Person, die den Server betreibt.',
  'devices-refused': 'Der Server hat eine Liste der Geräte von {user} gezeigt, die alt ist oder '
    + 'die {user} nicht unterschrieben hat. Nichts wurde gesendet. Versuch es später noch einmal; '
    + 'wenn es so bleibt, sag es der Person, die den Server betreibt.',
  'verify-key-changed': 'Der Sicherheitsschlüssel von {user} hat sich geändert. Entscheide zuerst, '
    + 'ob du mit dem neuen weitermachst.',
  'storage-refused': 'Dieser Browser hebt für diese Seite keine Daten auf; deine Schlüssel und '
    + 'Nachrichten gingen verloren. Verlass das private Fenster oder erlaube der Seite, Daten '
    + 'aufzuheben, und lade sie neu.',
  'storage-wiped': 'Dieser Browser hat die Schlüssel und Nachrichten von {user} gelöscht. Melde '
    + 'dich mit deinem Passwort an: Dieser Browser wird dann ein neues Gerät deines Kontos und '
    + 'bekommt zurück, was in deinem Archiv ist. Wenn du das Passwort vergessen hast, nimm deinen '
    + 'Wiederherstellungscode.',
  'unsupported-insecure': 'Diese Seite wurde ohne Verschlüsselung geöffnet, und dann geben ihr '
    + 'Browser keine Kryptografie. Öffne sie mit https:// davor; auf dem Rechner des Servers '
    + 'selbst nimm localhost.',
  'unsupported-browser': 'Dieser Browser ist zu alt für Sotto. Nimm Chrome oder Edge 137, Firefox '
    + '130, Safari 17 oder neuer.',
  'token-ended': 'Du wurdest abgemeldet: Dein Passwort wurde auf einem anderen Gerät geändert, '
    + 'dieser Browser war lange weg, oder der Server wurde aus einer Kopie wiederhergestellt. Gib '
    + 'dein Passwort ein, um weiterzumachen; was du geschrieben hast, bleibt erhalten.',
  'replaced': 'Dieses Konto wurde woanders mit den Schlüsseln dieses Browsers geöffnet; darum ist '
    + 'diese Seite getrennt. Lade sie neu, um hier weiterzumachen.',
};

const MESSAGES = {
  ...GROUP_MESSAGES,
  'expired': 'Eine Nachricht von {user} hat so lange gewartet, dass der Server sie verworfen hat. '
    + 'Bitte noch einmal um sie.',
  'no-session': 'Eine Nachricht von {user} konnte nicht geöffnet werden: Dieser Browser hat ihren '
    + 'Schlüssel nicht.',
  'not-opened': 'Eine Nachricht von {user} konnte nicht geöffnet werden: Sie war beschädigt, oder '
    + 'ihr Schlüssel ist weg.',
  'opening-refused': 'Eine Nachricht von {user} konnte nicht geöffnet werden: Sie beginnt eine '
    + 'Verschlüsselung, die nicht zu dem passt, was dieser Browser von {user} weiß.',
  'list-missed': 'Um eine Nachricht von {user} wird noch einmal gebeten: Sie entstand, als dieser '
    + 'Browser weg war und sich die Liste deiner Geräte geändert hat.',
  'key-changed': 'Eine Nachricht von {user} wurde nicht geöffnet, weil sie unter einem '
    + 'Sicherheitsschlüssel kommt, den du nicht angenommen hast.',
  'key-used': 'Eine Nachricht von {user} konnte nicht geöffnet werden: Sie kommt unter einem '
    + 'Schlüssel, der schon benutzt wurde.',
  'device-gone': 'Eine Nachricht von {user} wurde nicht geöffnet: Sie kommt aus einem Browser, den '
    + '{user} nicht mehr benutzt.',
  'malformed': 'Eine Nachricht von {user} wurde geöffnet, ergibt aber für diese Version von Sotto '
    + 'keinen Sinn.',
  'unsupported': 'Diese Nachricht braucht eine neuere Version von Sotto.',
};

const NOT_SENT = {
  ...GROUP_NOT_SENT,
  ...FILE_NOT_SENT,
  ...ASKS_NOT_SENT,
  'inbox-full': '{user} war so lange weg, dass keine Nachrichten mehr Platz haben. Versuch es '
    + 'später noch einmal.',
  'unknown-user': 'Der Server kennt {user} nicht mehr.',
  'devices-refused': 'Der Server hat eine Liste der Geräte von {user} gezeigt, der nicht zu trauen '
    + 'ist.',
  'too-large': 'Die Nachricht ist zu lang. Teile sie auf mehrere auf.',
  'refused': 'Der Server hat diese Nachricht abgelehnt. Lade die Seite neu und versuch es noch '
    + 'einmal.',
};

const NOTICES = {
  ...GROUP_NOTICES,
  ...TIMER_NOTICES,
  'new-key': 'Der Sicherheitsschlüssel von {user} hat sich geändert. Das kommt vor, wenn jemand '
    + 'mit einem neuen Browser neu beginnt, oder wenn sich jemand für {user} ausgibt. Es wird '
    + 'nichts gesendet, bis du dich entscheidest.',
  'new-key-announced': '{user} hat einen neuen Sicherheitsschlüssel und hat ihn von einem Gerät '
    + 'aus angekündigt, das dieser Browser kannte, wie nach einem vergessenen oder gestohlenen '
    + 'Passwort. Es wird nichts gesendet, bis du dich entscheidest.',
  'devices-added': '{user} hat {count} Geräte hinzugefügt. Sie bekommen, was du von jetzt an '
    + 'schreibst.',
  'device-added': '{user} hat ein Gerät hinzugefügt. Es bekommt, was du von jetzt an schreibst.',
  'devices-removed': '{user} hat {count} Geräte entfernt. Sie bekommen nichts mehr.',
  'device-removed': '{user} hat ein Gerät entfernt. Es bekommt nichts mehr.',
  'key-accepted': 'Du machst mit dem neuen Sicherheitsschlüssel von {user} weiter.',
  'gap': 'Nachrichten von {user}, die nicht angekommen sind: {count}. Vielleicht wurden sie nach '
    + 'einem Fehler neu geschrieben; frag {user}, ob etwas fehlt.',
  'cut-off': 'Nachrichten, die zu lange gewartet haben, wurden verworfen, bevor dieser Browser '
    + 'zurückkam. Frag deine Kontakte, ob etwas fehlt.',
};

const ALARMS = {
  ...ACCOUNT_ALARMS,
  'history-lost': 'Der Server hat Nachrichten verloren oder verändert, die dieser Browser schon '
    + 'hatte. Was du hier siehst, ist bis jetzt vollständig; sag es der Person, die den Server '
    + 'betreibt.',
  'history-changed': 'Was der Server sendet, passt nicht zu deinem Nachrichtenverlauf. Es wird '
    + 'nichts mehr von ihm angenommen, bis es passt; sag es der Person, die den Server betreibt.',
  'store-restored': 'Dieser Browser ist zu einer alten Kopie seiner Daten zurückgekehrt; '
    + 'Nachrichten seitdem fehlen hier. Neue kommen wieder an.',
  'device-put-back': 'Der Server wurde aus einer älteren Kopie wiederhergestellt und kannte diesen '
    + 'Browser eine Weile nicht. Nachrichten aus dieser Zeit fehlen hier. Neue kommen wieder an.',
  'bad-prekey': 'Der Server hat einen Schlüssel von {user} gezeigt, den {user} nicht '
    + 'unterschrieben hat. Nichts wurde damit gesendet. Sag es der Person, die den Server '
    + 'betreibt.',
  'storage-full': 'Dieser Browser konnte nicht speichern, was ankam; es bleibt auf dem Server. '
    + 'Schaff etwas Platz und lade dann die Seite neu.',
  'own-devices': 'Der Server zeigt eine andere Liste deiner Geräte als die, die du unterschrieben '
    + 'hast. Es wird nichts gesendet, bis er die richtige zeigt. Sag es der Person, die den Server '
    + 'betreibt.',
  'old-devices': 'Der Server hat eine alte Liste der Geräte von {user} gezeigt. Nichts wurde '
    + 'dorthin gesendet. Sag es der Person, die den Server betreibt.',
};

const RESTORED_UNKNOWN = 'Der Server wurde aus einer Kopie wiederhergestellt und sagt nicht, von '
  + 'wann sie ist. Auf anderen Geräten fehlen vielleicht Nachrichten. Deine eigenen werden noch '
  + 'einmal gesendet.';
const RESTORED = 'Der Server wurde aus einer Kopie vom {at} wiederhergestellt. Was danach kam, '
  + 'fehlt vielleicht auf anderen Geräten. Deine eigenen Nachrichten seitdem werden noch einmal '
  + 'gesendet.';

export const engine = Object.freeze({
  refusals: REFUSALS,
  messages: MESSAGES,
  notSent: NOT_SENT,
  notices: NOTICES,
  ownNotices: { ...OWN_GROUP_NOTICES, ...OWN_TIMER_NOTICES },
  alarms: ALARMS,
  groupAlarms: GROUP_ALARMS,
  archive: ARCHIVE_TEXTS,
  restored: RESTORED,
  restoredUnknown: RESTORED_UNKNOWN,
  ownDevices: OWN_DEVICES,
  deviceNames: DEVICE_NAMES,
  unnamedGroup: UNNAMED_GROUP,
});
