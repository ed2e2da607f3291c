/** What the engine says, in the language of the page; the texts themselves are in words/. */
import { wholeDuration } from '../state/durations.js';
import { durationName } from '../words/durations.js';
import { locale } from '../words/language.js';
import { words } from '../words/words.js';

const {
  alarms, archive, groupAlarms, messages, notSent, notices, ownDevices, ownNotices, refusals,
  restored, restoredUnknown,
} = words.engine;

const moment = new Intl.DateTimeFormat(locale,
  { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });

/** What was refused, as a sentence. */
export const refusalText = (code, values) => fill(refusals[code], values);
/** Why a message cannot be shown. */
export const messageText = (code, values) => fill(messages[code], values);
/** Why a message was not sent. */
export const notSentText = (code, values) => fill(notSent[code], values);
/** A plain line in a conversation, as the account with the name `self` reads it. */
export function noticeText(code, values, self) {
  const isOwn = values.user === self && code in ownNotices;
  const { at, seconds, ...others } = values;
  const text = isOwn ? ownNotices[code] : notices[code];
  return fill(text, {
    ...others,
    ...at !== undefined && { at: moment.format(at) },
    ...seconds !== undefined && { span: durationName(wholeDuration(seconds)) },
  });
}
/** What the server was caught at in a group. */
export const groupAlarmText = code => groupAlarms[code];
/** How it stands with the archive. */
export const archiveText = code => archive[code];
/** That the server goes on from a copy that was made then. */
export const restoredText = copyTime => (copyTime === 0 ? restoredUnknown
  : fill(restored, { at: moment.format(copyTime) }));
/** What everybody must see. */
export const alarmText = (code, values) => fill(alarms[code], values);

/**
 * What is different between two lists of the own devices.
 *
 * @param {Object<string, string>} names of devices, by id
 * @returns {string} empty if nothing is that a person should know
 */
export function ownDevicesText(before, after, names, ownId) {
  const added = devicesOnlyIn(after, before).filter(({ id }) => id !== ownId);
  const removed = devicesOnlyIn(before, after);
  const isNewKey = String(before.accountKey) !== String(after.accountKey)
    && after.keyChange?.device !== ownId;
  return [
    ...added.map(({ id }) => fill(ownDevices.added, { device: deviceText(names[id]) })),
    ...removed.map(({ id }) => fill(ownDevices.removed, { device: deviceText(names[id]) })),
    ...isNewKey ? [ownDevices.newKey] : [],
  ].join(' ');
}

function devicesOnlyIn(one, other) {
  return one.devices.filter(({ id }) => !other.devices.some(device => device.id === id));
}

/** A new device's name comes a little later than the device itself. */
function deviceText(name) {
  return name ? fill(ownDevices.named, { name }) : ownDevices.unnamed;
}

/** Text with its values; what stands in a value stays as it is. */
export function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
