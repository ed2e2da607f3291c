/** Things that are only done for what somebody has in sight. */

const runs = new WeakMap();

const observer = new IntersectionObserver(entries => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    observer.unobserve(target);
    runs.get(target)();
    runs.delete(target);
  }
});

/** Runs once, when the element comes into sight. */
export function whenSeen(element, run) {
  runs.set(element, run);
  observer.observe(element);
}
