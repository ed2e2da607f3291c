/** Notifications that the worker shows for a page. */
import { createNotifier } from '/ui/notifier.js';
import { assertEquals, test } from '../harness.js';

/** The worker's script, with as much of its surroundings as a click needs. */
async function startWorker(pages) {
  const listeners = {};
  const self = {
    addEventListener: (type, listener) => { listeners[type] = listener; },
    clients: { matchAll: async () => pages, openWindow: async url => url },
  };
  const script = await (await fetch('/worker.js')).text();
  new Function('self', script)(self);
  return listeners;
}

async function click(listeners, tag) {
  let followed;
  listeners.notificationclick({ notification: { tag, close() {} },
    waitUntil: until => { followed = until; } });
  return followed;
}

test('everyPageHearsOfAClickAndOneComesToTheFront', async () => {
  const heard = [];
  const pages = ['first', 'second'].map(name => ({
    postMessage: ({ tag }) => heard.push([name, tag]),
    focus: async () => name,
  }));
  assertEquals('first', await click(await startWorker(pages), 'any'));
  assertEquals([['first', 'any'], ['second', 'any']], heard);
  assertEquals('/#a%2Bb', await click(await startWorker([]), 'a+b'));
});

test('whatThePageBeforeHadShownIsWithdrawn', async () => {
  const closed = [];
  const notifications = ['c1', 'c2'].map(tag => ({ tag, close: () => closed.push(tag) }));
  const real = navigator.serviceWorker.getRegistration;
  navigator.serviceWorker.getRegistration = async () => ({
    getNotifications: async ({ tag }) =>
      notifications.filter(one => tag === undefined || one.tag === tag),
  });
  try {
    const notifier = createNotifier(() => {});
    notifier.withdraw('c2');
    await new Promise(resolve => setTimeout(resolve));
    assertEquals(['c2'], closed);
    notifier.withdrawAll();
    await new Promise(resolve => setTimeout(resolve));
    assertEquals(['c2', 'c1', 'c2'], closed);
  } finally {
    navigator.serviceWorker.getRegistration = real;
  }
});
