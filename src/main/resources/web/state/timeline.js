/**
 * The timeline of one conversation: the messages held in memory, and the rows to show.
 *
 * Timeline: {messages: [Message] rising by ordinal, fetched: boolean (the latest page is here),
 * complete: boolean (the first message ever is here), loading: boolean, error: text | null}.
 */
export const emptyTimeline = Object.freeze({
  messages: [], fetched: false, complete: false, loading: false, error: null,
});

const GROUP_MS_MAX = 5 * 60 * 1000;

/**
 * Takes new and changed messages. One that is older than all that are held stays out while the
 * history between is not loaded: it comes, in its place, with that history.
 */
export function mergeMessages(timeline, upserts) {
  const byId = new Map(timeline.messages.map(m => [m.id, m]));
  const first = timeline.fetched && !timeline.complete ? timeline.messages[0]?.ordinal : undefined;
  for (const message of upserts) {
    if (message.removed) {
      byId.delete(message.id);
    } else if (first === undefined || message.ordinal >= first || byId.has(message.id)) {
      byId.set(message.id, message);
    }
  }
  return { ...timeline, messages: [...byId.values()].sort((a, b) => a.ordinal - b.ordinal) };
}

/** Takes one page of history; a page shorter than `limit` is the last. */
export function prependMessages(timeline, page, limit) {
  const known = new Map(page.map(m => [m.id, m]));
  timeline.messages.forEach(m => known.set(m.id, m));
  return {
    messages: [...known.values()].sort((a, b) => a.ordinal - b.ordinal),
    fetched: true,
    complete: timeline.complete || page.length < limit,
    loading: false,
    error: null,
  };
}

/**
 * The rows of a timeline in display order. Row: {key, kind: "day", at} | {key, kind: "new"} |
 * {key, kind: "notice", message} | {key, kind: "message", message, continues: boolean, state?}, where
 * `continues` says that the row belongs to the sender's group above it, and `state` how far an own
 * message came; `transfer` is that of its file, `isHidden` that a blocked member wrote it,
 * `hidesQuote` that one wrote what it answers. Days are local days.
 *
 * @param {number} [seenOrdinal] of the last own message that the other person has read
 * @param {Object<string, object>} [transfers] by the id of their message
 * @param {function(Message): boolean} [isHidden]
 */
export function timelineRows(messages, newLine, seenOrdinal = 0, transfers = {},
    isHidden = () => false) {
  const rows = [];
  let above = null;
  let lineDrawn = newLine === null;
  for (const message of messages) {
    if (above === null || !sameDay(above.sentAt, message.sentAt)) {
      rows.push({ key: `day ${message.ordinal}`, kind: 'day', at: message.sentAt });
      above = null;
    }
    if (!lineDrawn && message.ordinal >= newLine && !message.mine) {
      rows.push({ key: 'new', kind: 'new' });
      lineDrawn = true;
      above = null;
    }
    const row = rowOf(message, above, seenOrdinal);
    const transfer = transfers[message.id];
    if (transfer) row.transfer = transfer;
    if (row.kind === 'message' && isHidden(message)) row.isHidden = true;
    if (message.replyTo && isHidden(message.replyTo)) row.hidesQuote = true;
    rows.push(row);
    above = message;
  }
  return rows;
}

function rowOf(message, above, seenOrdinal) {
  if (message.kind === 'notice') {
    return { key: message.id, kind: 'notice', message };
  }
  const continues = above !== null && above.kind !== 'notice' && above.mine === message.mine
    && above.from === message.from && message.sentAt - above.sentAt < GROUP_MS_MAX;
  const state = stateOf(message, seenOrdinal);
  return { key: message.id, kind: 'message', message, continues, state };
}

/** One that was never delivered was not read either, whatever was written after it. */
function stateOf({ mine, state, ordinal }, seenOrdinal) {
  if (!mine) return undefined;
  return state === 'delivered' && ordinal <= seenOrdinal ? 'read' : state;
}

/** Whether two times (ms) fall on one local day. */
export function sameDay(a, b) {
  const [x, y] = [new Date(a), new Date(b)];
  return x.getFullYear() === y.getFullYear() && x.getMonth() === y.getMonth()
    && x.getDate() === y.getDate();
}
