/** What stands between messages: the day, the line of new messages, notices. */
import { dayName } from './dates.js';
import { clone, parts, setText } from './dom.js';

export function dayItem() {
  const element = clone('day');
  const { text } = parts(element);
  return { element, update: ({ at }) => setText(text, dayName(at, Date.now())) };
}

export function newLineItem() {
  return { element: clone('new'), update() {} };
}

export function noticeItem() {
  const element = clone('notice');
  return { element, update: ({ message }) => setText(element, message.text) };
}
