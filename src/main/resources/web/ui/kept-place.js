/** Keeps the reader's place, and the focus, while messages go. */

/**
 * @param focused what has the focus, or gets it back from a menu
 * @returns {function(boolean)} to be called when they are gone: whether the place is to be kept
 */
export function keepPlace(scroller, rows, focused) {
  const edge = scroller.getBoundingClientRect().top;
  const seen = [...rows.children].map(row => ({ row, ...edgesOf(row) }))
    .filter(({ bottom }) => bottom > edge);
  const message = rows.contains(focused) ? focused.closest('.message') : null;
  const messages = [...rows.querySelectorAll('.message')];
  const place = messages.indexOf(message);

  return keepsScroll => {
    const still = seen.find(({ row }) => row.isConnected);
    if (still && keepsScroll) scroller.scrollTop += edgesOf(still.row).top - still.top;
    if (message === null || message.isConnected) return;
    const next = messages.slice(place).find(one => one.isConnected)
      ?? messages.findLast(one => one.isConnected);
    if (next) next.tabIndex = -1;
    (next ?? scroller).focus({ preventScroll: true });
  };
}

function edgesOf(row) {
  const { top, bottom } = row.getBoundingClientRect();
  return { top, bottom };
}
