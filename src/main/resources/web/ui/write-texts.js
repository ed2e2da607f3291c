/** How a message is written and shown. */
export const writeTexts = Object.freeze({
  codeBlock: 'Code',
  copyCodeBlock: 'Copy',
  copyFailed: 'This browser did not let Sotto copy. Select the text and copy it yourself.',
  copied: 'Copied',
  copyMessage: 'Copy',
  messageActions: 'Message actions',
});
