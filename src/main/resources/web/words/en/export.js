/** Keeping a copy of a conversation. */
import { numberName } from '../numbers.js';

export const exportTexts = {
  exportTitle: 'Keep a copy',
  exportHint: 'All messages of this conversation that this browser has, in one file. The file is '
    + 'not encrypted: whoever gets it can read it.',
  exportPage: 'Save to read or print',
  exportData: 'Save as data (JSON)',
  exporting: count => count === 1 ? '1 message so far…' : `${numberName(count)} messages so far…`,
  exported: (name, count) => count === 1 ? `1 message was saved as ${name}.`
    : `${numberName(count)} messages were saved as ${name}.`,
  exportEmpty: 'There are no messages to save yet.',
  exportLeftOut: count => count === 1 ? 'One message is not here: it disappears.'
    : `${numberName(count)} messages are not here: they disappear.`,
  exportOfBlocked: count => count === 1
    ? 'One message is not here: it is of somebody who was blocked when this file was saved.'
    : `${numberName(count)} messages are not here: they are of people who were blocked when this `
      + 'file was saved.',
  exportHeading: (count, user, time) =>
    `${numberName(count)} messages, saved from the browser of ${user} on ${time}.`,
};
