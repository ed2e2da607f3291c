/**
 * Measures on a page what a person with weak eyes or thick fingers needs: each function gives the
 * faults that it finds, as text. LooksTest evaluates it on the page.
 */
window.looks = (() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  /** Any CSS colour as [r, g, b, a], a from 0 to 1. */
  function rgba(color) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }

  function over([r, g, b, a], below) {
    return [r, g, b].map((value, i) => value * a + below[i] * (1 - a)).concat(1);
  }

  function backgroundOf(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      layers.push(rgba(getComputedStyle(at).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  }

  function opacityOf(element) {
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) opacity *= getComputedStyle(at).opacity;
    return opacity;
  }

  function luminance(color) {
    const [r, g, b] = color.map(value => value / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function ratio(a, b) {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  }

  function seen(element) {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true });
  }

  function ownText(element) {
    const field = element.matches('input, textarea') ? element.value || element.placeholder : '';
    return field + [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE)
      .map(node => node.data.trim()).join('');
  }

  function weakText() {
    const faults = [];
    for (const element of document.querySelectorAll('body *')) {
      const inactive = element.closest(':disabled, [aria-disabled="true"]');
      if (!seen(element) || ownText(element) === '' || inactive) continue;
      const background = backgroundOf(element);
      const [r, g, b, a] = rgba(getComputedStyle(element).color);
      const contrast = ratio(over([r, g, b, a * opacityOf(element)], background), background);
      if (contrast < 4.5) {
        faults.push(`${contrast.toFixed(2)}: "${ownText(element).slice(0, 40)}"`
          + ` in ${element.className || element.tagName}`);
      }
    }
    return faults;
  }

  /** Boxes to type or choose in whose edge is hard to see (WCAG 1.4.11). */
  function weakEdges() {
    const boxes = 'input:not([type="checkbox"], [type="radio"], [type="file"]), textarea, select';
    return [...document.querySelectorAll(boxes)]
      .filter(element => seen(element) && !element.matches(':disabled, [aria-disabled="true"]'))
      .map(element => {
        const around = backgroundOf(element.parentElement);
        const { borderTopColor, borderTopWidth } = getComputedStyle(element);
        const edge = parseFloat(borderTopWidth) > 0 ? borderTopColor : 'transparent';
        return [element, ratio(over(rgba(edge), around), around)];
      })
      .filter(([, contrast]) => contrast < 3)
      .map(([element, contrast]) => `${contrast.toFixed(2)}: edge of ${element.className}`);
  }

  /** What can be pressed and is smaller than 44 px, links within a text left out. */
  function smallTargets() {
    return [...document.querySelectorAll('button, a, input, textarea, select, [tabindex]')]
      .map(element => element.matches('.choice input') ? element.parentElement : element)
      .filter(element => seen(element) && !element.closest('.text') && element.tabIndex >= -1)
      .map(element => [element, element.getBoundingClientRect()])
      .filter(([, { width, height }]) => Math.min(width, height) < 43.5)
      .map(([element, { width, height }]) =>
        `${width.toFixed()}×${height.toFixed()}: ${element.className || element.tagName}`);
  }

  function sideways() {
    return [...document.querySelectorAll('body *')].filter(element => seen(element)
        && (element.getBoundingClientRect().right > innerWidth + 1
          || element.getBoundingClientRect().left < -1))
      .map(element => `${element.className || element.tagName} goes from `
        + `${element.getBoundingClientRect().left} to ${element.getBoundingClientRect().right}`);
  }

  /** Words of the page that do not fit where they stand, as they are longer in some languages. */
  function cut() {
    const own = 'button, label, legend, h3, h4, .lock-line span, textarea:placeholder-shown';
    return [...document.querySelectorAll(own)].filter(seen)
      .filter(({ scrollWidth, clientWidth, scrollHeight, clientHeight, tagName }) =>
        clientWidth > 0 && scrollWidth > clientWidth + 1
          || tagName === 'TEXTAREA' && scrollHeight > clientHeight + 1)
      .map(element => `cut: ${ownText(element) || element.outerHTML.slice(0, 80)}`);
  }

  /** What can be pressed or filled in and has no name. */
  function nameless() {
    return [...document.querySelectorAll('button, a, input, textarea, [role="img"]')]
      .filter(element => seen(element) && !element.labels?.length
        && !element.getAttribute('aria-label') && element.textContent.trim() === '')
      .map(element => element.outerHTML.slice(0, 120));
  }

  /** What would be spoken when it changes, but cannot be, because it is not there before. */
  function mute() {
    return [...document.querySelectorAll('[aria-live="polite"]')]
      .filter(element => element.textContent === '' && element.parentElement.checkVisibility()
        && !element.checkVisibility())
      .map(element => `${element.dataset.part ?? element.className} is hidden while it is empty`);
  }

  /** An open dialog without the focus. */
  function lost() {
    const dialog = document.querySelector('dialog[open]');
    return !dialog || dialog.contains(document.activeElement) ? [] : ['the focus is not in it'];
  }

  /** Headings that do not lead through the dialog, or the page, level by level. */
  function skipped() {
    const shown = document.querySelector('dialog[open]') ?? document;
    const levels = [...shown.querySelectorAll('h1, h2, h3, h4')].filter(seen)
      .map(({ tagName }) => Number(tagName[1]));
    return levels.filter((level, i) => level > (levels[i - 1] ?? 1) + 1)
      .map(level => `a heading h${level} with none above it among ${levels}`);
  }

  /** What is above the upper edge of a page that is not scrolled, where nobody gets. */
  function unreachable() {
    return [...document.querySelectorAll('.start *')].filter(element => seen(element)
        && element.getBoundingClientRect().bottom + element.closest('.start').scrollTop < 0)
      .map(element => `${element.className || element.tagName} is above the upper edge`);
  }

  /** What can be pressed or filled in, and is nowhere that can be scrolled to. */
  function beyond() {
    const shown = document.querySelector('dialog[open]') ?? document;
    return [...shown.querySelectorAll('button, a, input, textarea')].filter(seen)
      .filter(element => {
        element.scrollIntoView({ block: 'nearest' });
        const { top, bottom } = element.getBoundingClientRect();
        const moved = document.scrollingElement.scrollTop > 0;
        document.scrollingElement.scrollTop = 0;
        return moved || top < -1 || bottom > innerHeight + 1;
      })
      .map(element => `${element.className || element.tagName} is out of reach`);
  }

  /** What moves although the system asks pages not to. */
  function moving() {
    return document.getAnimations().map(({ effect }) =>
      `${effect.target.className || effect.target.tagName} moves`);
  }

  return { weakText, weakEdges, smallTargets, sideways, cut, nameless, mute, lost, skipped, unreachable,
    beyond, moving };
})();
