/** Where something that opens over the page stands. */
const GAP_PX = 4;

/** Whether lines of the page begin on its right. */
export function isRightToLeft() {
  return document.documentElement.dir === 'rtl';
}

/** Below what was pressed, or above it where there is no room, and always within the page. */
export function placeBeside(element, { left, right, top, bottom }) {
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = bottom + GAP_PX;
  const x = isRightToLeft() ? right - width : left;
  const y = below + height <= innerHeight ? below : top - GAP_PX - height;
  const within = (wanted, room) => `${Math.max(GAP_PX, Math.min(wanted, room - GAP_PX))}px`;
  element.style.left = within(x, innerWidth - width);
  element.style.top = within(y, innerHeight - height);
}
