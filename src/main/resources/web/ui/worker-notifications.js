/** Notifications where a page cannot make any itself, as on most phones: its worker makes them. */

/** @returns {Promise<boolean>} false where there is no worker either */
export async function showByWorker(title, options) {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration?.active) return false;
  await registration.showNotification(title, options);
  return true;
}

/** @param {string} [tag] all of them without one */
export async function withdrawByWorker(tag) {
  const registration = await navigator.serviceWorker?.getRegistration();
  const shown = await registration?.getNotifications(tag === undefined ? {} : { tag }) ?? [];
  for (const notification of shown) notification.close();
}

/** @param {function(string)} onChosen gets the tag of one that was clicked */
export function hearOfWorker(onChosen) {
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    if (data?.type === 'notification-chosen') onChosen(data.tag);
  });
}
