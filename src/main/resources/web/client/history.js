/**
 * Handing history over between the devices of a user (docs/protocol.md §14.3): asked for by a
 * person, agreed to by that person on the device that has it, then sent page by page, newest first.
 * Each page waits until the server has the one before.
 */

import { sentTexts } from '../store/archive.js';
import { messageById } from '../store/conversations.js';
import { settle } from '../store/database.js';
import { changeHistory, historyRow, withoutAsk } from '../store/history.js';
import { addOutgoing } from '../store/outbox.js';
import { recordsThatFit, rowsOf } from './archive-records.js';
import { tellSiblings } from './own-messages.js';
import { Turn } from './turn.js';
import { UserError } from './user-error.js';

const LOOK_MS = 100;
/** A page goes to each device in a ciphertext of its own. */
const PAGE_BYTES_MAX = 56 * 1024;

export class History {
  #store;
  #self;
  #news;
  #emit;
  #owner;
  #turn = new Turn();
  #timer;
  /** {id, time} of rows, newest first, while history is being given. */
  #order = null;

  /**
   * @param {{onOutgoing: function(), nameOf: function(string): Promise<string>}} owner something
   *   waits in the outbox; the name of a device
   */
  constructor({ store, self, news, emit }, owner) {
    this.#store = store;
    this.#self = self;
    this.#news = news;
    this.#emit = emit;
    this.#owner = owner;
  }

  /** The commands that other tabs may give, by name. */
  get commands() {
    return {
      askHistory: () => this.#ask(),
      answerHistory: ({ device, agreed }) => this.#answer(device, agreed),
    };
  }

  /** Goes on where another page was. */
  async begin() {
    const { asks, giving } = await this.#row();
    await this.#tellAll(asks);
    if (giving) await this.#give();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** A sibling said something about history, which is stored. */
  async heard({ type, content }) {
    if (!type.startsWith('history')) return;
    const { taking } = await this.#row();
    if (type === 'history') await this.#showTaken(content, taking);
    else if (content.device === this.#self.deviceId) await this.#tellAnswer(content);
    else await this.#tellAsks();
  }

  async #showTaken({ device, records, left }, taking) {
    if (device !== this.#self.deviceId) return;
    const rows = await rowsOf(this.#store, this.#self, records, 0);
    const shown = await this.#store.read(['messages'],
      stores => Promise.all(rows.map(({ id }) => messageById(stores, id))));
    for (const conversation of new Set(rows.map(row => row.conversation))) {
      const some = shown.filter(row => row?.conversation === conversation);
      await this.#news.show(conversation, some);
    }
    const { done, total } = taking ?? {};
    if (taking) this.#emit({ type: 'history', done, total });
    else if (left === 0) this.#tellDone(records.length);
  }

  #tellDone(count) {
    this.#emit({ type: 'history', done: count, total: count });
  }

  async #tellAnswer({ agreed, total }) {
    this.#emit({ type: 'history', done: 0, total: agreed ? total : 0, agreed });
  }

  /** Each device that waits for an answer of this user; none ends what was told before. */
  async #tellAsks() {
    await this.#tellAll((await this.#row()).asks);
  }

  async #tellAll(asks) {
    if (asks.length === 0) this.#emit({ type: 'history-asked', device: null, name: null });
    for (const { device } of asks) {
      this.#emit({ type: 'history-asked', device, name: await this.#owner.nameOf(device) });
    }
  }

  async #ask() {
    if (this.#self.deviceList.devices.length < 2) throw new UserError('history-no-sibling');
    await this.#store.write(['meta', 'messages', 'outbox'], async stores => {
      const have = await settle(stores.messages.count());
      await changeHistory(stores, { asked: true, taking: null });
      tellSiblings(stores, this.#self.user, 'history-ask', { have });
    });
    this.#owner.onOutgoing();
  }

  async #answer(device, agreed) {
    const total = agreed ? (await this.#newestFirst()).length : 0;
    await this.#store.write(['meta', 'outbox'], async stores => {
      const row = await historyRow(stores);
      if (!row.asks.some(ask => ask.device === device)) return;
      const giving = agreed && total > 0 ? { device, done: 0, total, after: null } : row.giving;
      await changeHistory(stores, { asks: withoutAsk(row, device), giving });
      tellSiblings(stores, this.#self.user, 'history-answer', { device, agreed, total });
    });
    this.#order = null;
    await this.#tellAsks();
    this.#owner.onOutgoing();
    await this.#give();
  }

  /** Sends the next page, if the one before has gone. */
  #give() {
    return this.#turn.take(async () => {
      clearTimeout(this.#timer);
      const { giving } = await this.#row();
      if (!giving) return;
      if (!this.#isListed(giving.device)) {
        await this.#store.write(['meta'], stores => changeHistory(stores, { giving: null }));
        return;
      }
      if (!await this.#isUnderWay()) await this.#givePage(giving);
      this.#timer = setTimeout(() => this.#give(), LOOK_MS);
    });
  }

  #isListed(device) {
    return this.#self.deviceList.devices.some(({ id }) => id === device);
  }

  async #isUnderWay() {
    const rows = await this.#store.read(['outbox'],
      ({ outbox }) => settle(outbox.index('byTo').getAll(this.#self.user)));
    return rows.some(({ type }) => type.startsWith('history'));
  }

  async #givePage(giving) {
    const { device, total } = giving;
    this.#order ??= await this.#newestFirst();
    const from = placeBehind(this.#order, giving);
    const rest = this.#order.slice(from).map(({ id }) => id);
    const { count } = await recordsThatFit(this.#store, this.#self, rest, PAGE_BYTES_MAX);
    const end = from + count;
    const left = this.#order.length - end;
    const ids = rest.slice(0, count);
    const { id: after = null, time } = this.#order[end - 1] ?? {};
    await this.#store.write(['meta', 'outbox'], async stores => {
      const done = total - Math.min(left, total);
      await changeHistory(stores, { giving: left > 0 ? { ...giving, done, after, time } : null });
      // Only their ids: the outbox is not sealed, and the texts are taken from where they are.
      addOutgoing(stores, {
        to: this.#self.user, type: 'history', device, content: { device, ids, left },
      });
    });
    this.#emit({ type: 'history', done: total - Math.min(left, total), total });
    this.#owner.onOutgoing();
  }

  async #newestFirst() {
    return (await this.#store.read(['messages'], sentTexts)).reverse();
  }

  #row() {
    return this.#store.read(['meta'], historyRow);
  }
}

/** Where it goes on. What was sent last may be gone; then what is as old may be sent twice. */
export function placeBehind(order, { after, time = Infinity }) {
  if (!after) return 0;
  const at = order.findIndex(({ id }) => id === after);
  if (at >= 0) return at + 1;
  const older = order.findIndex(row => row.time <= time);
  return older < 0 ? order.length : older;
}
