/**
 * Keeps the page in this browser, so that it opens without a network. A page that is open has all
 * its files from one version: a version is kept whole or not at all, each file is checked against
 * the list that the name of the version is the hash of, and a newer one is shown to pages that are
 * opened after it is complete. Nothing is kept but the files of that list: no answer with data.
 *
 * Where a page cannot make notifications itself, this worker makes them (ui/worker-notifications.js).
 *
 * The server gives this file as /sw.js, with a line before it that says which version it serves:
 * `const BUNDLE`. A browser that finds another line there installs the worker anew.
 */
/* global BUNDLE */

const SCRIPT = '/sw.js';
const LIST = '/bundle.txt';
const VERSION = '/version.js';
const INDEX = '/index.html';
const FILE_OF_PAGE = /^\/(?!\.)[^?]*\.(css|html|ico|js|png|svg|txt|webmanifest|woff2)$/;

/** A cache for each version, and one that says of which version each open page is. */
const VERSIONS = 'sotto-version-';
const PAGES = 'sotto-pages';

/** A page that was begun so lately may not be among the browser's clients yet. */
const BEGUN_MS_MAX = 60_000;
const GONE = [404, 410];

const versionsOfPages = new Map();

self.addEventListener('install', event => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener('activate', event => event.waitUntil(dropUnused()));

self.addEventListener('fetch', event => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  const path = pathname === '/' ? INDEX : pathname;
  if (method !== 'GET' || origin !== location.origin || !FILE_OF_PAGE.test(path)) return;
  if (mode !== 'navigate') event.respondWith(part(event, path));
  else if (path === INDEX) event.respondWith(page(event));
});

self.addEventListener('notificationclick', event => event.waitUntil(follow(event.notification)));

/**
 * All pages are told which was chosen: only the one that had it shown may know where it leads. If
 * none is open any more, one is opened.
 */
async function follow(notification) {
  const { tag } = notification;
  notification.close();
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length === 0) return self.clients.openWindow(`/#${encodeURIComponent(tag)}`);
  for (const page of pages) page.postMessage({ type: 'notification-chosen', tag });
  return pages[0].focus();
}

/** The page itself, of the version of this worker; from the server if that is not kept. */
async function page(event) {
  event.waitUntil(endIfGone().catch(ignored));
  try {
    const index = await kept(BUNDLE, INDEX);
    if (index) {
      await notePage(event.resultingClientId, BUNDLE);
      return index;
    }
    event.waitUntil(keep().catch(ignored));
  } catch {
    // Neither can it be read what is kept, nor noted what was shown: the server has all of it.
  }
  return fetch(event.request);
}

/** A file that a page asks for, of the same version as the page. */
async function part({ request, clientId }, path) {
  const bundle = await versionOf(clientId).catch(ignored);
  if (!bundle) return fetch(request);
  return await kept(bundle, path).catch(ignored) ?? lost(request, bundle, path);
}

/** What is no more in the cache is taken from the server, if that has the same. */
async function lost(request, bundle, path) {
  const list = await kept(bundle, LIST).catch(ignored);
  const digest = list && digestsOf(await list.text()).get(path);
  if (!digest) return fetch(request);
  try {
    return await fetchFile(path, digest);
  } catch (error) {
    await caches.delete(VERSIONS + bundle);
    throw error;
  }
}

function kept(bundle, path) {
  return caches.match(path, { cacheName: VERSIONS + bundle });
}

/** Takes the version of this worker from the server, the page itself last. */
async function keep() {
  const list = await (await fetch(LIST, { cache: 'no-store' })).text();
  if (await sha256(new TextEncoder().encode(list)) !== BUNDLE) throw new Error('another version');
  const cache = await caches.open(VERSIONS + BUNDLE);
  const digests = digestsOf(list);
  const files = [...digests.keys()].filter(path => path !== INDEX);
  await Promise.all(files.map(async path =>
    cache.put(path, await fetchFile(path, digests.get(path)))));
  await cache.put(LIST, new Response(list));
  await cache.put(VERSION, scriptOf(`export const bundle = "${BUNDLE}";\n`));
  await cache.put(INDEX, await fetchFile(INDEX, digests.get(INDEX)));
}

async function fetchFile(path, digest) {
  const response = await fetch(path, { cache: 'no-cache', redirect: 'error' });
  const content = await response.clone().arrayBuffer();
  if (!response.ok || await sha256(content) !== digest) throw new Error(`${path} is another file`);
  return response;
}

/** The lines of `sha256sum`. @returns {Map<string, string>} digests in hex, by path */
function digestsOf(list) {
  const lines = list.split('\n').filter(line => line !== '');
  return new Map(lines.map(line => [`/${line.slice(66)}`, line.slice(0, 64)]));
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
}

function scriptOf(text) {
  return new Response(text, { headers: { 'Content-Type': 'text/javascript' } });
}

async function notePage(client, bundle) {
  const cache = await caches.open(PAGES);
  await cache.put(`/${client}`, Response.json({ bundle, begunAt: Date.now() }));
  versionsOfPages.set(client, bundle);
}

/** @returns {Promise<string|undefined>} undefined for a page that came from the server */
async function versionOf(client) {
  if (!versionsOfPages.has(client)) {
    const note = await caches.match(`/${client}`, { cacheName: PAGES });
    versionsOfPages.set(client, note && (await note.json()).bundle);
  }
  return versionsOfPages.get(client);
}

/** Forgets pages that are closed, and older versions of which no page is open. */
async function dropUnused() {
  const used = new Set([PAGES, VERSIONS + BUNDLE]);
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const { bundle, begunAt } = await (await pages.match(request)).json();
    const isOpen = await self.clients.get(new URL(request.url).pathname.slice(1));
    if (isOpen || Date.now() - begunAt < BEGUN_MS_MAX) used.add(VERSIONS + bundle);
    else await pages.delete(request);
  }
  const unused = (await caches.keys()).filter(name => !used.has(name));
  await Promise.all(unused.map(name => caches.delete(name)));
}

/** A server without a worker, as one of an older version, gets its pages back. */
async function endIfGone() {
  const { status } = await fetch(SCRIPT, { method: 'HEAD', cache: 'no-store' });
  if (GONE.includes(status)) await self.registration.unregister();
}

function ignored() {}
