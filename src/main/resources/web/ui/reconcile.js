/** Keyed lists: the one place where list elements are made, moved, updated and removed. */

const viewsOf = new WeakMap();

/**
 * Makes the children of `parent` show `items` in their order. An element stays the same as long
 * as its key stays, so focus, scroll and selection survive. The children belong to this function
 * alone.
 *
 * @param keyOf item → a string, unique among the items
 * @param create item → {element, update(item)}, called once for each new key
 */
export function reconcile(parent, items, keyOf, create) {
  const before = viewsOf.get(parent) ?? new Map();
  const after = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (after.has(key)) {
      throw new Error(`two items with one key: ${key}`);
    }
    after.set(key, before.get(key) ?? create(item));
  }
  before.forEach((view, key) => after.has(key) || view.element.remove());
  let place = parent.firstElementChild;
  for (const item of items) {
    const view = after.get(keyOf(item));
    if (view.element === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(view.element, place);
    }
    updateAlone(view, item);
  }
  viewsOf.set(parent, after);
}

/** What is wrong with one item is reported, and must not keep the others from being shown. */
function updateAlone(view, item) {
  try {
    view.update(item);
  } catch (error) {
    reportError(error);
  }
}
