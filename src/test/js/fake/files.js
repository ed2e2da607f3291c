/** The part of the stand-in engine that is about files. */

/** An image of the kind that its name says, else as many bytes as it is said to have, up to 1 MB. */
async function contentOf({ mediaType, size, preview }) {
  if (!preview) return new Blob([new Uint8Array(Math.min(size, 1_000_000))]);
  const canvas = new OffscreenCanvas(preview.width, preview.height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#33566b';
  context.fillRect(0, 0, preview.width, preview.height);
  const blob = await canvas.convertToBlob({ type: mediaType });
  return blob.slice(0, blob.size, mediaType);
}

/** @param call notes that the page asked for something, and refuses it if a test wants that */
export function files(engine, call) {
  return {
    async sendFile(conversation, { name, size, type: mediaType }, { text = '' } = {}) {
      await call('sendFile', conversation, name, text);
      const file = { name, size, mediaType, isHere: true };
      return engine.receive(conversation,
        { mine: true, from: 'alice', kind: 'file', text, file, state: 'pending' });
    },

    async loadFile(id) {
      await call('loadFile', id);
      const message = [...engine.messages.values()].flat().find(one => one.id === id);
      return message.content ?? contentOf(message.file);
    },

    cancelFile: id => call('cancelFile', id),
  };
}
