/** The page as this browser keeps it (worker.js), so that it opens without a network. */

const WORKER = '/sw.js';

/** The only address that the page's policy lets become a script in this way. */
const policy = globalThis.trustedTypes?.createPolicy('sotto-worker', {
  createScriptURL(url) {
    if (url !== WORKER) throw new TypeError('no worker of this page');
    return url;
  },
});

/** Has the browser keep the page; one that refuses gets it from the server each time. */
export async function keepPage() {
  // To register what is just being ended, as its server knows it no more, would bring it back.
  if (navigator.serviceWorker?.controller) return;
  try {
    await navigator.serviceWorker?.register(policy?.createScriptURL(WORKER) ?? WORKER);
  } catch (error) {
    console.info('This browser does not keep the page:', error.message);
  }
}

/** How long to wait before each further try, in ms. */
const AGAIN_AFTER_MS = [2_000, 20_000, 120_000];

/**
 * The server has another version of the page. What could not be had of it, as the network failed
 * for a moment, is asked for again.
 *
 * @returns {Promise<boolean>} whether a reload shows another one: once all of it is kept, or at
 *   once in a browser that keeps none; false if that failed each time
 */
export async function isNextReady() {
  for (const wait of AGAIN_AFTER_MS) {
    if (await isNextKept()) return true;
    await new Promise(resolve => setTimeout(resolve, wait));
  }
  return isNextKept();
}

async function isNextKept() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration?.active) return true;
  try {
    await registration.update();
  } catch {
    return false;
  }
  const next = registration.installing ?? registration.waiting;
  return !next || await settled(next) === 'activated';
}

function settled(worker) {
  return new Promise(resolve => {
    const look = () => {
      if (['activated', 'redundant'].includes(worker.state)) resolve(worker.state);
    };
    worker.addEventListener('statechange', look);
    look();
  });
}
