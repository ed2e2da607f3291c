/** Keys inside an open menu: arrows, Home and End move in it, Tab leaves it. */
export function menuKeys(menu) {
  const itemsNow = () =>
    [...menu.querySelectorAll('[role="menuitem"]')].filter(item => item.checkVisibility());

  menu.addEventListener('keydown', event => {
    if (event.key === 'Tab') menu.hidePopover();
    const items = itemsNow();
    const here = items.indexOf(document.activeElement);
    const place = {
      ArrowDown: (here + 1) % items.length,
      ArrowUp: (here < 1 ? items.length : here) - 1,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (place === undefined) return;
    event.preventDefault();
    items[place].focus();
  });
}
