/** A conversation with files in every state; a preview is a small landscape. */
(() => {
  const JPEG = '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1'
    + 'tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk'
    + 'pKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAB9AMgDASIAAhEBAxEB/8QAGgABAQEBAQEBAAAAAAAAAAAAAAMBBQ'
    + 'QGAv/EADAQAAEDAwMDAwIEBwAAAAAAAAABAgMEERITU5IFQVEhMXFS0RUjMpEiQmFigaGx/8QAGAEBAQEBAQAAAAAA'
    + 'AAAAAAAAAAIBAwT/xAAaEQEBAQEBAQEAAAAAAAAAAAAAEQECEiEx/9oADAMBAAIRAxEAPwDpg0HmepgNAGA0AYDQBg'
    + 'NAGA0AYDQBgNAGA0AYDQBgNAGA0AYDQBoNBqWA0AYDQBgNAGA0AYDQBgNAGA0AYDS8LERMl9+xsZuxFInr/Kpjmq33'
    + 'Sx7DFRHJZU9DYn28YP09uLlQwmLrAaAMBoA0AFJAAAAAAA8v4hS6+jqpfz2v4uIV6gAAAAAAAAAAPTH+hvweYpE/H0'
    + 'X2DN+rgIqL7Kflz2tT3uvg1KM/6/8AB+DVVVW6mGLwAAAAAaDQaxgNAGEqioipmZyuRE7J3U8Vd1aOG7ILSP8APZPu'
    + 'cSaWSZ6vlcrnL3UvOaje5+PXXdTlqbsZ+XF4T3X5PCAdMyOW7Xuoepy01mPvJF4X3T4O7T1EVSzOJyKndO6Hyh+4ZZ'
    + 'IHo+JytcndCd5zVZ1uPrQc2h6tHNZk9o3+ey/Y6Zz3I65tYDQY1gNAGAjUVcFMn5siIv0p6r+xyqnrUjrtp2YJ9TvV'
    + 'Tc53U71mO05zW2RzkS62S6+5p8jJI+V2Uj1c7yqnQoerSQWZPeSPz3T7lbwzO3eB+IZo540fE9HN/oUIiqwGgNYDQA'
    + 'uLksjn1nVmRXZBZ7/PZPuVEWOhUVMVMzOV9k7J3U4Nd1SWquxl44vCe6/J5JZZJnq+RyucvdT8HTOYjeqAApIAAAAA'
    + 'HuoeqS0tmPvJF4X3T4PCDNymbH1lPUxVLM4n3TundCt0PkYpZIXo+NytcndC1RX1NQlnyWb9LfRCPK/bu1PU6anuiv'
    + 'zf9LfU5NT1eomukf5Tf7ff9zngrOcxm9brVVVW6rdV7qYAUkAAFIJ5aeTOJ6tX/p3aHq0VRZkto5P9KfPAncrc3cfY'
    + '3Fz5yi6pLT2Y+8kfhfdPg7UFTHUMyjcip3TuhG8x0zqvTcE8gZG189V9QlqLtb/BH4T3X5PGU0Jtp/FRoTbT+KnVxT'
    + 'BTQm2n8VGhNtP4qBMFNCbafxUaE20/ioEwU0Jtp/FRoTbT+KgTBTQm2n8VGhNtP4qBMFNCbafxUaE20/ioEwU0Jtp/'
    + 'FRoTbT+KgTBTQm2n8VGhNtP4qBMFNCbafxUaE20/ioEwU0Jtp/FRoTbT+KgTBTQm2n8VGhNtP4qBM/cUr4Xo+Nytcn'
    + 'dDdCbafxUaE20/ioHUpOqNksyazHeeyg5ehNtP4qDJirrr5DIjkMjYyrZDIjkMhCrZDIjkMhCrZDIjkMhCrZDIjkMh'
    + 'CrZDIjkMhCrZDIjkMhCrZDIjkMhCrZDIjkMhCrZDIjkMhCrZDIjkMhCrZDIjkMhCrZAjkBCpZDIjdRdSoirZDIjdRd'
    + 'RCrZDIjdRdRCrZDIjdRdRCrZDIjdRdRCrZDIjdRdRCrZDIjdRdRCrZDIjdRdRCrZDIjdRdRCrZDIjdRdRCrZDIjdRd'
    + 'RCrZDIjdRdRCrZAjdQIV/9k=';
  const HOUR = 1 / 24;
  const bytes = Uint8Array.from(atob(JPEG), character => character.charCodeAt(0));
  const preview = { width: 1600, height: 1000, bytes };
  const MEGABYTE = 1024 * 1024;
  const file = (name, size, more) =>
    ({ name, size, mediaType: 'application/octet-stream', isHere: false, ...more });
  const of = (more, ...rest) => ({ kind: 'file', text: '', file: file(...rest), ...more });

  return {
    online: ['bob'],
    conversations: [{
      user: 'bob',
      messages: [
        { text: 'Here is everything from the weekend.', daysAgo: 3 * HOUR },
        of({ daysAgo: 2.9 * HOUR, text: 'The view from the hut, *early*' }, 'view.jpg',
          1.4 * MEGABYTE, { mediaType: 'image/jpeg', preview }),
        of({ daysAgo: 2.8 * HOUR }, 'The whole route with all the notes that anybody ever took of it'
          + ' and some more.geojson', 48_000, { keptUntil: Date.UTC(2096, 11, 26, 12) }),
        of({ daysAgo: 2.7 * HOUR }, 'invoice\u202egpj.exe', 2_100_000,
          { keptUntil: Date.UTC(2016, 11, 26, 12) }),
        of({ daysAgo: 2 * HOUR }, 'panorama.png', 9 * MEGABYTE,
          { mediaType: 'image/png', preview: { ...preview, width: 4000, height: 900 } }),
        of({ mine: true, from: 'alice', state: 'read', daysAgo: HOUR }, 'Packing list.pdf', 320_000,
          { isHere: true }),
        of({ mine: true, from: 'alice', state: 'not-sent', daysAgo: HOUR / 2, action: 'retry',
          reason: 'This file is too large: this server takes files of up to 100 MB.' },
        'Film.mp4', 900 * MEGABYTE, { isHere: true }),
        of({ mine: true, from: 'alice', state: 'pending', daysAgo: HOUR / 4 }, 'Songs.zip',
          30 * MEGABYTE, { isHere: true }),
      ],
    }, { user: 'carol', messages: [of({}, 'minutes.odt', 12_000)] }],
  };
})()
