/** What the engine says about files. */

export const FILE_REFUSALS = {
  'file-empty': 'This file is empty. There is nothing to send.',
  'file-unreadable': 'This file could not be read. It may have been moved or changed since you '
    + 'chose it; choose it again.',
  'file-too-large': 'This file is too large: this server takes files of up to {max}.',
  'files-full': 'There is no room left for your files at the server. Delete messages with files '
    + 'that are no longer needed, or ask the person who runs the server.',
  'no-files': 'This server does not take files.',
  'file-no-room': 'This browser has no room left for this file. Free some space and try again.',
  'file-gone': 'This file is no longer at the server: it was deleted, or its time was over. Ask '
    + 'for it to be sent again.',
  'file-wrong': 'What the server sent is not this file, so nothing of it is shown. Try again; if '
    + 'it goes on, tell the person who runs the server.',
  'file-broken': 'The connection broke off. Try again: it goes on from where it was.',
  'file-stopped': 'Stopped.',
};

/** Why a file was not sent. */
export const FILE_NOT_SENT = {
  'file-too-large': FILE_REFUSALS['file-too-large'],
  'files-full': FILE_REFUSALS['files-full'],
  'no-files': FILE_REFUSALS['no-files'],
  'file-lost': 'This browser no longer has this file. Delete this message and send the file again.',
};
